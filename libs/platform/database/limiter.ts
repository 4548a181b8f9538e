import { hash } from 'node:crypto';

import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';

import type { Database } from './database.js';

export interface LimiterOptions {
  /** Of the context whose table `limits` it counts in. */
  readonly schema: string;
  /** Part of its keys. */
  readonly name: string;
  readonly points: number;
  /** Seconds, from the first point on. */
  readonly within: number;
}

interface LibraryStatement {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Counts in Postgres what all instances of the API see together. Keys are stored hashed: they name people. */
export class Limiter {
  readonly #limiter: RateLimiterPostgres;

  constructor(
    database: Database,
    private readonly options: LimiterOptions,
  ) {
    this.#limiter = new RateLimiterPostgres({
      storeClient: {
        query: async ({ name, text, values }: LibraryStatement) => {
          const rows = await database.query({ name: `${options.schema} ${name}`, text }, values);
          return { rows, rowCount: rows.length };
        },
      },
      storeType: 'client',
      schemaName: options.schema,
      tableName: 'limits',
      tableCreated: true,
      keyPrefix: options.name,
      points: options.points,
      duration: options.within,
    });
  }

  /** Seconds until the key is free again; 0 when it is. */
  async blockedFor(key: string): Promise<number> {
    const counted = await this.#limiter.get(stored(key));
    return counted && counted.consumedPoints >= this.options.points ? seconds(counted) : 0;
  }

  /** Adds a point. The last that there is blocks the key for the whole time, from now on. */
  async fail(key: string): Promise<void> {
    const { consumedPoints } = await this.#limiter.penalty(stored(key));
    if (consumedPoints >= this.options.points) await this.#limiter.block(stored(key), this.options.within);
  }

  /** Takes a point if one is left. @returns 0, or the seconds until there are points again */
  async take(key: string): Promise<number> {
    try {
      await this.#limiter.consume(stored(key));
      return 0;
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) return seconds(refusal);
      throw refusal;
    }
  }

  /** Gives a point back that was taken. */
  async giveBack(key: string): Promise<void> {
    await this.#limiter.reward(stored(key));
  }

  async clear(key: string): Promise<void> {
    await this.#limiter.delete(stored(key));
  }
}

const stored = (key: string): string => hash('sha256', key, 'base64url');

const seconds = ({ msBeforeNext }: RateLimiterRes): number => Math.max(1, Math.ceil(msBeforeNext / 1_000));
