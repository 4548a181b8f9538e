import { once } from 'node:events';

import { Logger, type OnModuleDestroy } from '@nestjs/common';

import type { Database } from '../database/database.js';
import { isInfrastructure } from '../database/errors.js';
import { backoff } from '../resilience/backoff.js';

const counts = {
  name: 'partitions_counts',
  text: 'select name, partitions, changing_to from platform.contexts where name = any($1)',
};

const held = {
  name: 'partitions_held',
  text: 'select partitions from platform.contexts where name = $1 and changing_to is null for share',
};

interface Row {
  readonly name: string;
  readonly partitions: number;
  readonly changing_to: number | null;
}

/** A change of a count is noticed within so many milliseconds. */
const refreshEvery = 2_000;

/**
 * How many partitions each context has. The database rules: the count is part of queue names and routing keys, so it
 * stays what it was when the context was first seen, whatever the settings say later, until an operator changes it.
 */
export class Partitions implements OnModuleDestroy {
  readonly #closing = new AbortController();
  readonly #log = new Logger(Partitions.name);
  readonly #listeners: (() => void)[] = [];
  #counts: Promise<ReadonlyMap<string, number>> | undefined;
  #known: ReadonlyMap<string, number> = new Map();
  #changing: ReadonlySet<string> = new Set();
  #refreshing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly contexts: readonly string[],
    private readonly wanted: number,
  ) {}

  /** Resolves when the database has been read, however long that takes. */
  counts(): Promise<ReadonlyMap<string, number>> {
    this.#counts ??= this.#read();
    return this.#counts;
  }

  /** The counts as far as they are known by now. */
  get known(): ReadonlyMap<string, number> {
    return this.#known;
  }

  /** Whether the context's count is being changed, as far as is known by now: until then nothing may be sent to it. */
  changing(context: string): boolean {
    return this.#changing.has(context);
  }

  /** Calls back after a count, or whether it is being changed, has become another. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Reads the counts anew; while the database is away they stay what they were. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#refresh().finally(() => (this.#refreshing = undefined));
    return this.#refreshing;
  }

  async #refresh(): Promise<void> {
    try {
      this.#take(await this.database.query<Row>(counts, [this.contexts]));
    } catch (error) {
      this.#log.debug({ message: `platform.contexts cannot be read: ${String(error)}` });
    }
  }

  /**
   * Runs `work` while nobody can begin to change the context's count.
   * @returns false when it is being changed, or the database is away: then `work` did not run
   */
  async whileUnchanged(context: string, work: (count: number) => Promise<void>): Promise<boolean> {
    try {
      return await this.database.transaction(async (transaction) => {
        const [row] = await transaction.query<{ partitions: number }>(held, [context]);
        if (row) await work(row.partitions);
        return row !== undefined;
      });
    } catch (error) {
      if (isInfrastructure(error)) return false;
      throw error;
    }
  }

  /** Nobody needs to wait for the database any longer. */
  onModuleDestroy(): void {
    this.#closing.abort();
    clearInterval(this.#timer);
  }

  async #read(): Promise<ReadonlyMap<string, number>> {
    const { signal } = this.#closing;
    await Promise.race([this.database.whenConnected(), once(signal, 'abort')]);
    for await (const attempt of backoff({ first: 200, most: 5_000, signal })) {
      try {
        await this.database.query(
          `insert into platform.contexts (name, partitions) select unnest($1::text[]), $2 on conflict do nothing`,
          [this.contexts, this.wanted],
        );
        const rows = await this.database.query<Row>(counts, [this.contexts]);
        this.#take(rows);
        for (const { name, partitions } of rows)
          if (partitions !== this.wanted)
            this.#log.warn({
              message: `${name} has ${partitions} partitions; PARTITIONS=${this.wanted} only counts for contexts seen for the first time. "cli topology repartition" changes the number.`,
            });
        if (!signal.aborted) this.#timer = setInterval(() => void this.refresh(), refreshEvery).unref();
        break;
      } catch (error) {
        if (attempt % 10 === 0)
          this.#log.error({
            message: `platform.contexts cannot be read: ${(error as Error).message}. If the schema is missing, run "npm run migrate".`,
          });
      }
    }
    return this.#known;
  }

  #take(rows: readonly Row[]): void {
    const before = this.#state;
    // In the order of their names, so that what is the same looks the same.
    const sorted = rows.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    this.#known = new Map(sorted.map(({ name, partitions }) => [name, partitions]));
    this.#changing = new Set(sorted.filter(({ changing_to: to }) => to !== null).map(({ name }) => name));
    if (this.#state !== before) for (const listener of this.#listeners) listener();
  }

  get #state(): string {
    return JSON.stringify([[...this.#known], [...this.#changing]]);
  }
}
