import 'reflect-metadata';

import { performance } from 'node:perf_hooks';

import pg from 'pg';

import { OwnServers } from '#testing/servers.js';
import { TestDatabase } from '#testing/test-database.js';

import { longLog } from './scale-log.js';
import { byPosition, insertGuarded } from './scale-partitions.js';

/**
 * What a long log costs beside a short one, and a partitioned log beside a plain one: appending, loading a stream, reading on.
 * Run by `node dist/test/figures/scale-figures.js`, with TEST_DATABASE_URL (a server to make databases on) or on one of its
 * own. EVENTS says how long the long one is; the short one has 1,000.
 */
const events = Number(process.env.EVENTS ?? 5_000_000);
const short = 1_000;
const rounds = 5;
const batches = 20;
const inBatch = 200;
/** More positions than one horizon holds. */
const slack = 2_000;

type Query = string | { readonly text: string; readonly values: readonly unknown[] };

/** One connection to a log, which takes the time of what it does. */
class Log {
  private constructor(
    readonly name: string,
    readonly length: number,
    readonly database: TestDatabase,
    readonly client: pg.Client,
  ) {}

  static async open(name: string, length: number, database: TestDatabase): Promise<Log> {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query('set jit = off');
    return new Log(name, length, database, client);
  }

  static async filled(name: string, server: string, length: number): Promise<Log> {
    const database = await TestDatabase.create(server);
    const took = await seconds(() => longLog(database, length));
    console.log(`${name}: ${length} events, made in ${took.toFixed(0)} s`);
    return Log.open(name, length, database);
  }

  /** Milliseconds. */
  async took(query: Query): Promise<number> {
    const began = performance.now();
    await this.client.query(typeof query === 'string' ? query : { text: query.text, values: [...query.values] });
    return performance.now() - began;
  }

  /** The kinds of nodes with tables and indexes, and how many pages were looked at. */
  async plan({ text, values }: Exclude<Query, string>): Promise<string> {
    const { rows } = await this.client.query<{ 'QUERY PLAN': string }>(
      `explain (analyze, buffers, costs off, timing off, summary off) ${text}`,
      [...values],
    );
    const lines = rows.map((row) => row['QUERY PLAN']).filter((line) => !/Scan on log\b/.test(line));
    const scans = lines.flatMap((line) => /((?:Seq|Index|Bitmap)[A-Za-z ]*Scan[^(]*)/.exec(line)?.[1]?.trim() ?? []);
    const pages = /shared hit=(\d+)(?: read=(\d+))?|shared read=(\d+)/.exec(lines.join('\n')) ?? [];
    const buffers = pages.slice(1).reduce((sum, each) => sum + Number(each ?? 0), 0);
    return `${scans.join(' + ')}; ${buffers} pages`;
  }

  async close(): Promise<void> {
    await this.client.end();
    await this.database.drop();
  }
}

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1_000;
};
const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
const quantile = (values: readonly number[], q: number): number =>
  sorted(values)[Math.min(values.length - 1, Math.floor(q * values.length))] ?? 0;
const shown = (values: readonly number[]): string =>
  `p50 ${quantile(values, 0.5).toFixed(2)} ms, p99 ${quantile(values, 0.99).toFixed(2)} ms`;

let made = 0;
/** New streams, as group commit appends them. */
const append = (): Query =>
  `insert into platform.events (stream_type, stream_id, version, type, data, metadata, occurred_at)
   select 'tasks.task', md5('new ' || ${made++} || ' ' || n)::uuid, 1, 'task.created.v1',
     jsonb_build_object('task_id', md5('new ' || n)::uuid, 'title', 'one of many tasks', 'priority', 'high', 'status', 'pending'),
     jsonb_build_object('command_id', gen_random_uuid(), 'correlation_id', gen_random_uuid(), 'actor', gen_random_uuid()), now()
   from generate_series(1, ${inBatch}) as n`;
const guarded = (): Query => insertGuarded(made++, inBatch);

const load = (log: Log, random: number): Exclude<Query, string> => ({
  text: `select version, type, data, metadata->>'actor' as actor, occurred_at from platform.events
    where stream_type = $1 and stream_id = md5('task ' || $2::int)::uuid and version > 0 order by version`,
  values: ['tasks.task', Math.floor((random * log.length) / 4)],
});
/** `back`: old partitions are left out whose positions lie further back than that. */
const page = (from: { xid: string; position: string }, back?: number): Exclude<Query, string> => ({
  text: `select count(pg_column_size(data)) from (
    select data from platform.events
    where (era, xid, position) > (1, $1::xid8, $2)
      ${back === undefined ? '' : 'and (era > 1 or (era = 1 and position > $2 - $3))'}
      and (era < (select era from platform.log) or xid < pg_snapshot_xmin(pg_current_snapshot()))
    order by era, xid, position limit 5000) as page`,
  values: back === undefined ? [from.xid, from.position] : [from.xid, from.position, back],
});

/** A place in the log, so many events from its end. */
const before = (log: Log, count: number): Promise<{ xid: string; position: string }> =>
  log.database.one(
    `select xid::text, position::text from platform.events order by era desc, xid desc, position desc offset $1 limit 1`,
    [count],
  );

/** Each log in turn, round after round. */
async function compared(what: string, logs: readonly Log[], count: number, query: (log: Log) => Query): Promise<void> {
  const times = new Map(logs.map((log) => [log, [] as number[]]));
  for (const log of logs) for (let n = 0; n < 10; n++) await log.took(query(log));
  for (let round = 0; round < rounds; round++)
    for (const log of logs) for (let n = 0; n < count; n++) times.get(log)?.push(await log.took(query(log)));
  for (const [log, values] of times) console.log(`${what}, ${log.name}: ${shown(values)}`);
}

async function sizes(log: Log): Promise<void> {
  const rows = await log.database.query<{ name: string; size: string }>(
    `select relname as name, pg_size_pretty(pg_relation_size(c.oid)) as size from pg_class c
     join pg_namespace n on n.oid = c.relnamespace
     where nspname = 'platform' and relname ~ '^(events|streams)' and relkind in ('r', 'i') order by pg_relation_size(c.oid) desc`,
  );
  console.log(`${log.name}: ${rows.map(({ name, size }) => `${name} ${size}`).join(', ')}`);
}

const own = process.env.TEST_DATABASE_URL ? undefined : await OwnServers.start('scale');
const server = process.env.TEST_DATABASE_URL ?? (own as OwnServers).databaseUrl;
const long = await Log.filled('long', server, events);
const empty = await Log.filled('short', server, short);
try {
  const middle = await before(long, events / 2);
  const end = await before(long, 5_000);
  const beginning = { xid: '0', position: '0' };
  await sizes(long);
  console.log(`load of a stream: ${await long.plan(load(long, 0.7))}`);
  console.log(`page at the beginning: ${await long.plan(page(beginning))}`);
  console.log(`page in the middle: ${await long.plan(page(middle))}`);
  console.log(`page at the end: ${await long.plan(page(end))}`);
  await compared('append of 200 in a transaction', [long, empty], batches, append);
  await compared('load of a stream', [long, empty], 200, (log) => load(log, Math.random()));
  await compared('page of 5,000 in the middle', [long], 5, () => page(middle));

  const steps = await byPosition(long.database);
  for (const [step, took] of steps) console.log(`${step}: ${took.toFixed(2)} s`);
  await sizes(long);
  console.log(`page in the middle, nothing appended yet: ${await long.plan(page(middle, slack))}`);
  await compared('append of 200 with a guard, partitioned', [long], batches, guarded);
  await compared('append of 200 without a guard, partitioned', [long], batches, append);
  await compared('load of a stream, partitioned', [long], 200, (log) => load(log, Math.random()));
  await long.database.query('analyze platform.events');
  console.log(`load of a stream, partitioned: ${await long.plan(load(long, 0.7))}`);
  console.log(`page in the middle, partitioned: ${await long.plan(page(middle, slack))}`);
  console.log(`page at the end, partitioned: ${await long.plan(page(await before(long, 5_000), slack))}`);
  const detached = await seconds(() =>
    long.database.query('alter table platform.events detach partition platform.events_1 concurrently'),
  );
  console.log(`detach of the old partition: ${detached.toFixed(2)} s`);
} finally {
  await empty.close();
  await long.close();
  await own?.remove();
}
