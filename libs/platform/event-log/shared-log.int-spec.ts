import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import { belowHorizon } from '#testing/below-horizon.js';
import { ConnectedDatabase } from '#testing/doubles/connected-database.js';

import type { Database } from '../database/database.js';
import { AlarmClock } from '../resilience/alarm-clock.js';
import { beginning, type LogCursor } from './cursor.js';
import { fullBytes } from './page-of-log.js';
import { SharedLog, type Stretch } from './shared-log.js';

/** Counts what is asked of the database, and can hold an answer back. */
class WatchedDatabase {
  asked = 0;
  answers: Promise<void> = Promise.resolve();

  constructor(private readonly database: Database) {}

  readonly query: Database['query'] = async (statement, values) => {
    this.asked++;
    const { answers } = this;
    const rows = await this.database.query(statement, values);
    await answers;
    return rows as never;
  };
}

let world: ConnectedDatabase;
let watched: WatchedDatabase;
let signal: AlarmClock;
let log: SharedLog;

beforeAll(async () => {
  world = await ConnectedDatabase.create();
});
beforeEach(async () => {
  await world.rows.query('truncate platform.events');
  watched = new WatchedDatabase(await world.connect());
  signal = new AlarmClock();
  log = new SharedLog(watched as unknown as Database, signal);
});
afterAll(() => world.remove());

/** @param length of the text that each of them holds, and that Postgres keeps compressed when it is long */
async function happen(count = 1, length = 0): Promise<void> {
  await world.rows.query(
    `insert into platform.events (stream_type, stream_id, version, type, data, metadata, occurred_at)
     select 'store.box', $1, v, 'box.filled.v1', jsonb_build_object('items', v, 'label', repeat('x', $3::int)),
       '{"actor": "ann"}', now()
     from generate_series(1, $2::int) as v`,
    [newId(), count, length],
  );
  await belowHorizon(world.rows);
}

const endOf = (stretch: Stretch | undefined): LogCursor => stretch?.events.at(-1)?.cursor as LogCursor;
const versions = (stretch: Stretch | undefined): number[] | undefined => stretch?.events.map(({ version }) => version);

describe('The log that several readers share', () => {
  it('is read once for all who stand at one place, and is there for those who come later', async () => {
    await happen(3);
    const together = await Promise.all([log.beyond(beginning), log.beyond(beginning)]);
    const later = await log.beyond(beginning);
    expect([...together, later].map(versions)).toEqual([
      [1, 2, 3],
      [1, 2, 3],
      [1, 2, 3],
    ]);
    expect(watched.asked).toBe(1);
  });

  it('goes on where it ends, and shows each reader what lies beyond his own place', async () => {
    await happen(2);
    const first = await log.beyond(beginning);
    await happen(1);
    expect(versions(await log.beyond(endOf(first)))).toEqual([1]);
    expect(versions(await log.beyond(beginning))).toEqual([1, 2, 1]);
  });

  it('lets nobody who has heard of something join a reading that began before', async () => {
    const held = Promise.withResolvers<void>();
    watched.answers = held.promise;
    const early = log.beyond(beginning);
    await happen(1);
    signal.wake();
    watched.answers = Promise.resolve();
    expect(versions(await log.beyond(beginning))).toEqual([1]);
    held.resolve();
    await early;
    expect(versions(await log.beyond(beginning))).toEqual([1]);
  });

  it('holds the newest part only: who lies far behind reads for himself', async () => {
    await happen(12_500);
    let cursor = beginning;
    for (let full = true; full;) {
      const stretch = await log.beyond(cursor);
      cursor = endOf(stretch);
      full = stretch?.full ?? false;
    }
    expect(await log.beyond(beginning)).toBeUndefined();
    await happen(1);
    expect(versions(await log.beyond(cursor))).toEqual([1]);
  });

  it('comes in small pages where events are large, and keeps few of them', async () => {
    await happen(400, 50_000);
    const counts: number[] = [];
    let cursor = beginning;
    for (let full = true; full;) {
      const stretch = (await log.beyond(cursor)) as Stretch;
      counts.push(stretch.events.length);
      cursor = endOf(stretch);
      ({ full } = stretch);
    }
    expect(counts).toEqual([84, 84, 84, 84, 64]);
    expect(watched.asked).toBe(5);
    expect(await log.beyond(beginning)).toBeUndefined();
    await happen(1, 10 * fullBytes);
    expect(versions(await log.beyond(cursor))).toEqual([1]);
  });

  it('follows whoever has got ahead of it', async () => {
    await happen(1);
    const behind = endOf(await log.beyond(beginning));
    await happen(1);
    const ahead = endOf(await new SharedLog(watched as unknown as Database, signal).beyond(behind));
    await happen(1);
    expect(versions(await log.beyond(ahead))).toEqual([1]);
    expect(await log.beyond(behind)).toBeUndefined();
  });
});
