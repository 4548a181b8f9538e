import { eventually } from '#testing/eventually.js';
import type { TestDatabase } from '#testing/test-database.js';

/** Where a contestant writes down what it has run. */
export interface Journal {
  readonly database: TestDatabase;
  /** A query for when the transaction of each command began, as `at`. */
  readonly times: string;
}

/** In milliseconds. */
export interface Span {
  /** The start, which does not count. */
  readonly skip: number;
  /** It is looked at for so long, if the backlog lasts. */
  readonly most: number;
}

/** However slow the machine is. */
const patience = 120_000;

/**
 * Resolves when so many commands are written down, or the time is over.
 * @returns how many commands a second were run
 */
export async function drained({ database, times }: Journal, count: number, { skip, most }: Span): Promise<number> {
  const written = async (): Promise<number> =>
    (await database.one<{ n: number }>(`select count(*)::int as n from (${times}) as times`)).n;
  /** What has the time of the last transaction was still under way at that time, and does not count. */
  const rate = async (without: number): Promise<number | null> =>
    (
      await database.query<{ rate: number | null }>(
        `with times as materialized (${times}),
           ends as materialized (
             select (select min(at) from times where at >= begun + make_interval(secs => $1::float / 1000)) as first, last
             from (select min(at) as begun, max(at) as last from times) as all_of_them
           )
         select (count(*) / nullif(extract(epoch from last - first), 0))::float as rate
         from ends join times on at >= first and at < last group by first, last`,
        [without],
      )
    )[0]?.rate ?? null;

  await eventually('the first command is run', async () => (await written()) > 0, { within: patience, every: 20 });
  const end = performance.now() + most;
  const finished = async (): Promise<number | null> => {
    if ((await written()) >= count) return (await rate(skip)) ?? rate(0);
    return performance.now() > end ? rate(skip) : null;
  };
  return eventually('the backlog is worked off', finished, { within: most + patience, every: 200 });
}
