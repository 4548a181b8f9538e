import type { Database } from '../database/database.js';
import { Checkpoints } from './checkpoints.js';
import { beginning, compareCursors, type LogCursor } from './cursor.js';

/** A place that nobody has written anything for is written down so many milliseconds later. */
const delay = 25;

/** Checkpoints of a process whose readers often find nothing of theirs: those are written down together, a moment later. */
export class LazyCheckpoints {
  readonly #due = new Set<LazyCheckpoint>();
  #flushing: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly database: Database) {}

  of(name: string): LazyCheckpoint {
    return new LazyCheckpoint(name, new Checkpoints(this.database), {
      add: (checkpoint) => this.#add(checkpoint),
      flush: () => this.#flush(),
    });
  }

  #add(checkpoint: LazyCheckpoint): void {
    this.#due.add(checkpoint);
    this.#timer ??= setTimeout(() => void this.#flush(), delay);
  }

  /** One after the other: a move begins where the one before has ended. */
  #flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return (this.#flushing = this.#flushing.then(() => this.#write()));
  }

  async #write(): Promise<void> {
    const due = [...this.#due];
    this.#due.clear();
    const moves = due.flatMap((checkpoint) => checkpoint.take() ?? []);
    if (moves.length === 0) return;
    const moved = await new Checkpoints(this.database).advanceAll(moves).catch(() => new Set<string>());
    for (const checkpoint of due) checkpoint.taken(moved.has(checkpoint.name));
  }
}

/** How far one reader has come, and how far that is written down. */
export class LazyCheckpoint {
  #stored = beginning;
  #to: LogCursor | undefined;
  #taken: LogCursor | undefined;
  #doubtful = false;

  constructor(
    readonly name: string,
    private readonly checkpoints: Checkpoints,
    private readonly keeper: { add(checkpoint: LazyCheckpoint): void; flush(): Promise<void> },
  ) {}

  /** Somebody else may have moved it: where it stands is to be read. */
  get doubtful(): boolean {
    return this.#doubtful;
  }

  /** Where it stands; what was to be written down later is forgotten. */
  async read(): Promise<LogCursor> {
    this.#to = undefined;
    await this.flush();
    this.#stored = await this.checkpoints.read(this.name);
    this.#doubtful = false;
    return this.#stored;
  }

  /**
   * Its reader has come so far, and has written nothing.
   * @returns false when there is no row yet that could be moved
   */
  later(to: LogCursor): boolean {
    if (compareCursors(this.#stored, beginning) === 0) return false;
    this.#to = to;
    this.keeper.add(this);
    return true;
  }

  /** Where it is written down to stand, for a reader that will move it itself: what was to be done later is left out. */
  async settled(): Promise<LogCursor> {
    this.#to = undefined;
    if (this.#taken) await this.keeper.flush();
    return this.#stored;
  }

  /** Its reader has moved it itself. */
  moved(to: LogCursor): void {
    this.#stored = to;
  }

  /** Resolves when nothing is left to be written down. */
  async flush(): Promise<void> {
    if (this.#to || this.#taken) await this.keeper.flush();
  }

  /** What is to be written now. */
  take(): { readonly name: string; readonly from: LogCursor; readonly to: LogCursor } | undefined {
    this.#taken = this.#to;
    this.#to = undefined;
    return this.#taken && { name: this.name, from: this.#stored, to: this.#taken };
  }

  taken(moved: boolean): void {
    if (!this.#taken) return;
    if (moved) this.#stored = this.#taken;
    else this.#doubtful = true;
    this.#taken = undefined;
  }
}
