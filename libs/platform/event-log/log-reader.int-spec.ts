import { randomUUID } from 'node:crypto';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';

import { ConnectedDatabase } from '#testing/doubles/connected-database.js';
import { eventually } from '#testing/eventually.js';

import { beginning } from './cursor.js';
import { LogReader } from './log-reader.js';

let world: ConnectedDatabase;
let reader: LogReader;
const writers: Writer[] = [];

/** A connection of its own, whose transactions the test begins and ends. */
class Writer {
  #open = false;

  private constructor(private readonly client: pg.Client) {}

  static async connect(name = 'a writer'): Promise<Writer> {
    const client = new pg.Client({ connectionString: world.rows.url, application_name: name });
    await client.connect();
    const writer = new Writer(client);
    writers.push(writer);
    return writer;
  }

  get open(): boolean {
    return this.#open;
  }

  async begin(): Promise<void> {
    await this.client.query('begin');
    this.#open = true;
  }

  /** Appends to the log, with a savepoint or not: both belong to the same transaction. */
  async append(name: string): Promise<void> {
    await this.client.query(
      `insert into platform.events (stream_type, stream_id, version, type, data, metadata, occurred_at)
       values ('store.box', $1, 1, $2, '{}', '{}', now())`,
      [randomUUID(), name],
    );
  }

  async look(): Promise<void> {
    await this.client.query('select count(*) from platform.events');
  }

  async savepoint(): Promise<void> {
    await this.client.query('savepoint here');
  }

  async commit(): Promise<void> {
    await this.client.query('commit');
    this.#open = false;
  }

  async rollback(): Promise<void> {
    await this.client.query('rollback');
    this.#open = false;
  }

  async end(): Promise<void> {
    await this.client.end();
  }
}

/** Reads on from where it was, as the relay does, and remembers what it saw. */
class Following {
  readonly seen: string[] = [];
  #cursor = beginning;

  async on(limit = 100): Promise<readonly string[]> {
    const { events } = await reader.beyond(this.#cursor, limit);
    this.#cursor = events.at(-1)?.cursor ?? this.#cursor;
    const names = events.map(({ type }) => type);
    this.seen.push(...names);
    return names;
  }

  /** Reads on until it saw so many: a transaction in any database of the server holds the horizon for a moment. */
  async next(count: number, limit = 100): Promise<readonly string[]> {
    const before = this.seen.length;
    const seen = async () => (await this.on(limit)) && this.seen.length >= before + count;
    await eventually(`the log tells ${count} more`, seen, { every: 5 });
    return this.seen.slice(before);
  }

  waiting() {
    return reader.waiting(this.#cursor);
  }
}

/** Everything that was committed, in the log's order. */
const wholeLog = async (): Promise<string[]> =>
  (
    await world.rows.query<{ type: string }>('select type from platform.events e order by e.era, e.xid, e.position')
  ).map(({ type }) => type);

beforeAll(async () => {
  world = await ConnectedDatabase.create();
  reader = new LogReader(await world.connect());
});
beforeEach(() => world.rows.query('truncate platform.events'));
afterEach(() => Promise.all(writers.splice(0).map((writer) => writer.end())));
afterAll(() => world.remove());

describe('A reader of the log', () => {
  it('waits for an older transaction that commits later than a younger one, and tells the older first', async () => {
    const [older, younger, following] = [await Writer.connect(), await Writer.connect(), new Following()];
    await older.begin();
    await older.append('older');
    await younger.begin();
    await younger.append('younger');
    await younger.commit();
    expect(await following.on()).toEqual([]);
    await older.commit();
    expect(await following.next(2)).toEqual(['older', 'younger']);
  });

  it('tells what was committed before the oldest transaction that still writes', async () => {
    const [slow, quick, following] = [await Writer.connect(), await Writer.connect(), new Following()];
    await quick.append('before');
    await slow.begin();
    await slow.append('slow');
    await quick.append('after');
    expect(await following.next(1)).toEqual(['before']);
    await slow.commit();
    expect(await following.next(2)).toEqual(['slow', 'after']);
  });

  it('goes over the holes of transactions that were rolled back, or died', async () => {
    const [undone, dead, good] = [await Writer.connect(), await Writer.connect(), await Writer.connect()];
    const following = new Following();
    for (const writer of [undone, dead]) {
      await writer.begin();
      await writer.append('never');
    }
    await good.append('good');
    await undone.rollback();
    expect(await following.on()).toEqual([]);
    await dead.end();
    writers.splice(writers.indexOf(dead), 1);
    await eventually('the server has noticed', async () => (await following.on()).length > 0, { every: 5 });
    expect(following.seen).toEqual(['good']);
  });

  it('goes by which transaction wrote first, neither by which began nor by which committed first', async () => {
    const [first, second, following] = [await Writer.connect(), await Writer.connect(), new Following()];
    await first.begin();
    await first.look();
    await second.begin();
    await second.append('wrote first');
    await first.append('began first');
    await first.commit();
    expect(await following.on()).toEqual([]);
    await second.commit();
    expect(await following.next(2)).toEqual(['wrote first', 'began first']);
  });

  it('is not held up by transactions that only read', async () => {
    const [onlooker, writer, following] = [await Writer.connect(), await Writer.connect(), new Following()];
    await onlooker.begin();
    await onlooker.look();
    await writer.append('one');
    expect(await following.next(1)).toEqual(['one']);
    expect(await following.waiting()).toBeUndefined();
  });

  it('stalls behind a slow writer, names it, skips nothing, and goes on', async () => {
    const [slow, following] = [await Writer.connect('an import'), new Following()];
    const quick = await Promise.all(Array.from({ length: 4 }, () => Writer.connect()));
    await slow.begin();
    await slow.append('slow');
    for (let n = 0; n < 40; n++) {
      await quick[n % 4]?.append(`quick ${n}`);
      expect(await following.on()).toEqual([]);
    }
    expect(await following.waiting()).toMatchObject({ application_name: 'an import', pid: expect.any(Number) });
    expect((await following.waiting())?.age).toBeGreaterThan(0);
    await slow.commit();
    await following.next(41, 7);
    expect(following.seen).toEqual(await wholeLog());
    expect(following.seen).toHaveLength(41);
    expect(await following.waiting()).toBeUndefined();
  });

  it('reads a transaction part by part', async () => {
    const [writer, following] = [await Writer.connect(), new Following()];
    await writer.begin();
    for (const name of ['a', 'b', 'c']) await writer.append(name);
    await writer.commit();
    expect(await following.next(1, 2)).toEqual(['a', 'b']);
    expect([await following.on(2), await following.on(2)]).toEqual([['c'], []]);
  });
});

const steps = fc.array(
  fc.record({
    writer: fc.nat(3),
    act: fc.constantFrom('begin', 'look', 'append', 'append', 'savepoint', 'commit', 'rollback', 'read'),
    limit: fc.integer({ min: 1, max: 4 }),
  }),
  { minLength: 10, maxLength: 60 },
);

describe.each([1, 32])(
  'However transactions interleave, with %i positions handed to a connection at a time',
  (cache) => {
    it('a reader tells the whole log once and in order', async () => {
      await world.rows.query(`alter table platform.events alter column position set cache ${cache}`);
      const connected = await Promise.all(Array.from({ length: 4 }, () => Writer.connect()));
      let held = 0;
      const take = async (writer: Writer, act: string, name: string): Promise<unknown> => {
        if (act === 'append') return writer.append(name);
        if (act === 'look') return writer.look();
        if (act === 'begin') return writer.open || writer.begin();
        return writer.open && writer[act as 'savepoint' | 'commit' | 'rollback']();
      };
      await fc.assert(
        fc.asyncProperty(steps, async (script) => {
          await world.rows.query('truncate platform.events');
          const following = new Following();
          for (const [n, { writer, act, limit }] of script.entries()) {
            if (act !== 'read') await take(connected[writer] as Writer, act, `event ${n}`);
            else if ((await following.on(limit)).length === 0 && (await wholeLog()).length > following.seen.length)
              held++;
          }
          for (const writer of connected) if (writer.open) await writer.commit();
          // Transactions in other databases of the cluster hold the horizon back, too.
          await eventually(
            'it has read the whole log',
            async () => {
              while ((await following.on(3)).length > 0);
              return following.seen.length >= (await wholeLog()).length;
            },
            { every: 5 },
          );
          expect(following.seen).toEqual(await wholeLog());
        }),
        { numRuns: 60 },
      );
      // Else the stories would not have tried what they are about.
      expect(held).toBeGreaterThan(0);
    });
  },
);
