import { once } from 'node:events';

import { Logger, type OnModuleDestroy } from '@nestjs/common';

import type { Database } from '../database/database.js';
import { backoff } from '../resilience/backoff.js';

/**
 * How many partitions each context has. The database rules: the count is part of queue names and routing keys, so it
 * stays what it was when the context was first seen, whatever the settings say later.
 */
export class Partitions implements OnModuleDestroy {
  readonly #closing = new AbortController();
  readonly #log = new Logger(Partitions.name);
  #counts: Promise<ReadonlyMap<string, number>> | undefined;
  #known: ReadonlyMap<string, number> = new Map();

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

  /** Nobody needs to wait for the database any longer. */
  onModuleDestroy(): void {
    this.#closing.abort();
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
        const rows = await this.database.query<{ name: string; partitions: number }>(
          'select name, partitions from platform.contexts where name = any($1)',
          [this.contexts],
        );
        this.#known = new Map(rows.map(({ name, partitions }) => [name, partitions]));
        for (const { name, partitions } of rows)
          if (partitions !== this.wanted)
            this.#log.warn({
              message: `${name} has ${partitions} partitions; PARTITIONS=${this.wanted} only counts for contexts seen for the first time`,
            });
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
}
