import { Database } from '#platform/database/database.js';

/** A database that is there or away, as it is told; it never connects to anything. */
export class SwitchableDatabase extends Database {
  readonly #waiting: (() => void)[] = [];
  #up = true;
  /** How often somebody asked whether it is there. */
  probes = 0;

  constructor() {
    super({
      url: 'postgres://nowhere/none',
      applicationName: 'double',
      poolSize: 1,
      acquireTimeout: 1,
      statementTimeout: 1,
      entities: [],
    });
  }

  down(): void {
    this.#up = false;
  }

  up(): void {
    this.#up = true;
    for (const resume of this.#waiting.splice(0)) resume();
  }

  /** How many wait for it to come back. */
  get awaited(): number {
    return this.#waiting.length;
  }

  override async probe(): Promise<boolean> {
    this.probes++;
    return this.#up;
  }

  override async whenReachable(): Promise<void> {
    if (!this.#up) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}
