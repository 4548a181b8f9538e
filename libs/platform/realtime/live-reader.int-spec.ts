import { randomUUID } from 'node:crypto';
import { PassThrough } from 'node:stream';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import pg from 'pg';

import { newId } from '#kernel';
import { boxes, BoxFilled, BoxPacked, BoxRow, boxTable, boxUnit } from '#testing/doubles/boxes.js';
import { ConnectedDatabase } from '#testing/doubles/connected-database.js';
import { EventParser } from '#testing/event-stream.js';
import { eventually } from '#testing/eventually.js';

import type { Database } from '../database/database.js';
import { ReadDatabase } from '../database/read-database.js';
import { GroupCommit } from '../engine/group-commit.js';
import { InlineProjections } from '../engine/inline-projections.js';
import { beginning } from '../event-log/cursor.js';
import { LogReader } from '../event-log/log-reader.js';
import { LogSignal } from '../event-log/log-signal.js';
import { Cursors } from '../http/cursors.js';
import { Metrics } from '../observability/metrics.js';
import { Hub } from './hub.js';
import { live } from './live-view.js';
import { LiveViews } from './live-views.js';
import { SettledCommandQueries } from './settled-commands.queries.js';
import { StreamMetrics } from './stream-metrics.js';
import { StreamPlaces } from './stream-places.js';

const boxOfAnn = randomUUID();

/** The rows of a context, in its own table. */
class BoxOwners {
  constructor(private readonly db: Database) {}
  async of(boxId: string): Promise<readonly string[]> {
    const rows = await this.db.query<{ owner: string }>('select owner from store.owners where box_id = $1', [boxId]);
    return rows.map(({ owner }) => owner);
  }
}

let world: ConnectedDatabase;
let database: Database;
let commands: SettledCommandQueries;
let reader: LogReader;
let group: GroupCommit;
let ann: string;
let hub: Hub;

beforeAll(async () => {
  Logger.overrideLogger(false);
  world = await ConnectedDatabase.create([BoxRow]);
  await world.rows.query(boxTable);
  await world.rows.query('create table store.owners (box_id uuid, owner text)');
  database = await world.connect();
  commands = new SettledCommandQueries(new ReadDatabase(database));
  reader = new LogReader(database);
  group = new GroupCommit(database, new InlineProjections(database, [boxes]), randomUUID());
});
beforeEach(() => {
  ann = newId();
  const owners = new BoxOwners(database);
  const shown = live(BoxFilled, {
    name: 'box',
    from: BoxOwners,
    to: ({ boxId }, rows) => rows.of(boxId),
    view: ({ items }, { actor }) => ({ items, by: actor }),
  });
  hub = new Hub({
    commands,
    log: reader,
    views: new LiveViews([shown], { get: () => owners as never }),
    places: new StreamPlaces(new Cursors('a secret of these tests, long enough')),
    isRevoked: () => false,
    bell: () => {
      const signal = new LogSignal(database);
      signal.open();
      return signal;
    },
    metrics: new StreamMetrics(new Metrics('api', '1')),
  });
});
afterEach(async () => {
  hub.onModuleDestroy();
  await hub.beforeApplicationShutdown();
});
afterAll(async () => {
  await world.remove();
  Logger.overrideLogger(new Logger());
});

async function listen(lastId?: string): Promise<EventParser> {
  const [parser, carrier] = [new EventParser(), new PassThrough()];
  const exp = Math.floor(Date.now() / 1_000) + 600;
  const { body } = await hub.open({ id: ann, roles: ['user'], iat: exp - 600, exp }, carrier, lastId);
  body.pipe(carrier);
  carrier.setEncoding('utf8').on('data', (text: string) => parser.read(text));
  return parser;
}

const unit = (version: number, boxId: string, ...events: object[]) =>
  boxUnit(version, events, { id: newId(), lane: boxId, author: ann, acceptedAt: new Date() });

const settlesCommand = `
  insert into platform.commands (id, type, context, lane, resource_id, author, status, attempts, accepted_at)
  values ($1, 'store.fill_box.v1', 'store', $2, $2, $3, 'succeeded', 1, now())`;

const idsIn = (parser: EventParser): unknown[] =>
  parser.events.filter(({ event }) => event === 'command').map(({ data }) => data.command_id);

describe('A stream on a database', () => {
  it('tells what a group commit has written: the outcome, and the event to whom it concerns', async () => {
    await world.rows.query('insert into store.owners values ($1, $2)', [boxOfAnn, ann]);
    const stream = await listen();
    const [packed, filled] = [
      unit(0, boxOfAnn, new BoxPacked({ boxId: boxOfAnn, label: 'books' })),
      unit(1, boxOfAnn, new BoxFilled({ boxId: boxOfAnn, items: 3 })),
    ];
    await group.write([packed]);
    await group.write([filled]);
    await eventually('all is told', () => stream.events.length === 3, { every: 5 });
    expect(idsIn(stream)).toEqual([packed.envelope.id, filled.envelope.id]);
    expect(stream.events.filter(({ event }) => event === 'box')).toMatchObject([{ data: { items: 3, by: ann } }]);
    expect(stream.events[0]?.data).toMatchObject({
      status: 'succeeded',
      type: packed.envelope.type,
      settled_at: expect.stringMatching(/Z$/),
      result: { version: 1, created: true },
    });
  });

  it('tells what a transaction commits that began before those that were told', async () => {
    const stream = await listen();
    const [slow, quick] = [newId(), newId()];
    const client = new pg.Client({ connectionString: world.rows.url });
    await client.connect();
    try {
      await client.query('begin');
      await client.query(settlesCommand, [slow, randomUUID(), ann]);
      await world.rows.query(settlesCommand, [quick, randomUUID(), ann]);
      await eventually('the quick one is told', () => idsIn(stream).includes(quick), { every: 5 });
      // Later than what is always read again.
      await client.query('select pg_sleep(1.5)');
      await client.query('commit');
    } finally {
      await client.end();
    }
    await eventually('the slow one is told', () => idsIn(stream).includes(slow), { every: 20 });
    expect(idsIn(stream)).toEqual([quick, slow]);
  });

  it('is told from its last place on, whichever hub it comes back to', async () => {
    const stream = await listen();
    const one = newId();
    await world.rows.query(settlesCommand, [one, randomUUID(), ann]);
    await eventually('it is told', () => idsIn(stream).length === 1, { every: 5 });
    const two = newId();
    await world.rows.query(settlesCommand, [two, randomUUID(), ann]);
    const again = await listen(stream.lastId);
    await eventually('both are told', () => idsIn(again).length === 2, { every: 5 });
    expect(idsIn(again)).toEqual([one, two]);
  });
});

describe('Settled commands', () => {
  it('are read page by page, also those that one transaction has settled', async () => {
    await world.rows.query(
      `insert into platform.commands (id, type, context, lane, resource_id, author, status, attempts, accepted_at)
       select gen_random_uuid(), 't', 'store', 'l', 'r', $1, 'succeeded', 1, now() from generate_series(1, 25)`,
      [ann],
    );
    const seen: string[] = [];
    for (let after = { settled: new Date(0).toISOString(), id: '00000000-0000-0000-0000-000000000000' }; ;) {
      const { commands: page } = await commands.page([ann], after, 10);
      seen.push(...page.map(({ id }) => id));
      const last = page.at(-1);
      if (!last) break;
      after = last;
    }
    expect(new Set(seen).size).toBe(25);
    expect(seen).toHaveLength(25);
    expect((await commands.page([], { settled: new Date(0).toISOString(), id: newId() }, 10)).commands).toEqual([]);
  });

  it('of the last moments are found by their index, however many there are', async () => {
    await world.rows.query(
      `insert into platform.commands (id, type, context, lane, resource_id, author, status, attempts, accepted_at, settled_at)
       select gen_random_uuid(), 't', 'store', 'l', 'r', 'author ' || n % 100, 'succeeded', 1, now(),
         now() - make_interval(secs => n)
       from generate_series(1, 20000) as n`,
    );
    await world.rows.query('analyze platform.commands');
    const plan = await world.rows.query<{ 'QUERY PLAN': string }>(
      `explain select id from platform.commands
       where author = any('{author 1,author 2}') and (settled_at, id) > (now() - interval '1 second', gen_random_uuid())
       order by settled_at, id limit 1000`,
    );
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toContain('commands_settled_at');
  });
});

describe('Events of some types', () => {
  it('are found among others, and say how far was looked', async () => {
    const from = await reader.end();
    const boxId = randomUUID();
    await group.write([unit(0, boxId, new BoxPacked({ boxId, label: boxId }))]);
    for (let n = 1; n <= 3; n++) await group.write([unit(n, boxId, new BoxFilled({ boxId, items: n }))]);
    const other = randomUUID();
    await group.write([unit(0, other, new BoxPacked({ boxId: other, label: other }))]);
    const all = await eventually('all are below the horizon', async () => {
      const { events } = await reader.beyond(from, 10);
      return events.length === 5 && events;
    });
    const first = await reader.ofTypes(from, 3, ['box.filled.v1']);
    expect(first).toEqual({ events: all.slice(1, 3), cursor: all[2]?.cursor, looked: 3, full: true });
    const second = await reader.ofTypes(first.cursor, 3, ['box.filled.v1']);
    expect(second).toEqual({ events: [all[3]], cursor: all[4]?.cursor, looked: 2, full: false });
    expect(await reader.ofTypes(second.cursor, 3, ['box.filled.v1'])).toEqual({
      events: [],
      cursor: second.cursor,
      looked: 0,
      full: false,
    });
    expect(await reader.ofTypes(from, 10, [])).toMatchObject({ events: [], cursor: all[4]?.cursor });
    expect(await reader.end()).toEqual(all[4]?.cursor);
  });

  it('end at the beginning of a log that has none', async () => {
    const empty = await ConnectedDatabase.create();
    try {
      expect(await new LogReader(await empty.connect()).end()).toEqual(beginning);
    } finally {
      await empty.remove();
    }
  });
});
