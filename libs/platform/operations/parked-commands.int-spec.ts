import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IsInt, IsUUID } from 'class-validator';

import { Command, InvalidMessage, Message } from '#kernel';
import { boxes, BoxFilled, BoxPacked, BoxRow, boxTable, boxUnit } from '#testing/doubles/boxes.js';
import { ConnectedDatabase } from '#testing/doubles/connected-database.js';
import { bodyOf, sampleEnvelope } from '#testing/doubles/sample-envelope.js';

import { Attempts } from '../engine/attempts.js';
import { GroupCommit, Superseded } from '../engine/group-commit.js';
import { InlineProjections } from '../engine/inline-projections.js';
import { mostBehind, Parking, type Head, type ParkedAs, type ParkedState } from '../engine/parking.js';
import type { UnitOfWork } from '../engine/unit-of-work.js';
import { EnvelopeSeal, type Envelope } from '../messaging/envelope.js';
import { NotDone } from './not-done.js';
import type { Operator } from './operator-actions.js';
import { ParkedCommands } from './parked-commands.js';
import { retryRun } from './retry-run.js';

@Command('store.count_box.v1', 'boxId')
class CountBox extends Message<CountBox> {
  @IsUUID() readonly boxId!: string;
  @IsInt() readonly items!: number;
}

const operator: Operator = { id: randomUUID(), reason: 'it was wrong', correlationId: 'a-correlation' };
const keys = `one:${'s'.repeat(32)}`;
const seal = new EnvelopeSeal(keys);
let world: ConnectedDatabase;
let parked: ParkedCommands;
let parking: Parking;
let attempts: Attempts;
let group: GroupCommit;

beforeAll(async () => {
  world = await ConnectedDatabase.create([BoxRow]);
  await world.rows.query(boxTable);
  const [ours, theirs] = [await world.connect(), await world.connect()];
  const worker = randomUUID();
  parked = new ParkedCommands(ours, seal);
  parking = new Parking(theirs, worker, '1.2.3');
  attempts = new Attempts(theirs, worker);
  group = new GroupCommit(theirs, new InlineProjections(theirs, [boxes]), worker);
});
afterAll(() => world.remove());

const counting = (items: number, fields: Partial<Envelope> = {}): Envelope => {
  const lane = fields.lane ?? randomUUID();
  const body = bodyOf(new CountBox({ boxId: lane, items }));
  return sampleEnvelope({ type: 'store.count_box.v1', context: 'store', lane, body, ...fields });
};
const park = (envelope: Envelope, state: ParkedState = 'dead', more: object = {}): Promise<ParkedAs> =>
  parking.park({
    properties: seal.seal(envelope),
    envelope,
    state,
    attempts: 3,
    error: new Error('no scales'),
    ...more,
  });
const dead = async (fields: Partial<Envelope> = {}): Promise<Envelope> => {
  const envelope = counting(1, fields);
  await park(envelope);
  return envelope;
};
const headOf = async ({ context, lane }: Envelope): Promise<Head> => {
  const head = await parking.headOf(context, lane);
  if (!head) throw new Error(`nothing is parked in ${lane}`);
  return head;
};
const payload = ({ lane }: Envelope, items: unknown): object => ({ box_id: lane, items });
/** What a worker makes of a parked command that it has read. */
const run = ({ properties, body, edition }: Head): UnitOfWork => {
  const opened = seal.open(properties, body);
  if (opened.kind !== 'genuine') throw new Error(`it is ${opened.kind}`);
  const { box_id: boxId, items } = JSON.parse(opened.envelope.body.toString()) as { box_id: string; items: number };
  return boxUnit(0, [new BoxPacked({ boxId, label: boxId }), new BoxFilled({ boxId, items })], {
    ...opened.envelope,
    edition,
  });
};
const actionsOn = (id: string) =>
  world.rows.query<{ action: string; operator: string; reason: string; before: object; after: object }>(
    'select action, operator, reason, before, after from platform.operator_actions where subject_id = $1 order by at, id',
    [id],
  );
const statusOf = async (id: string): Promise<string | undefined> =>
  (await world.rows.query<{ status: string }>('select status from platform.commands where id = $1', [id]))[0]?.status;
const itemsOf = async ({ lane }: Envelope): Promise<number | undefined> =>
  (await world.rows.query<{ items: number }>('select items from store.boxes where id = $1', [lane]))[0]?.items;
const reason = (action: Promise<unknown>): Promise<unknown> =>
  action.then(
    () => 'done',
    (error: unknown) => (error instanceof NotDone ? error.reason : error),
  );

describe('Retrying a parked command', () => {
  it('lets it run at once, with all its delayed attempts before it, and keeps who did it', async () => {
    const envelope = await dead();
    await parking.parkAgain(await headOf(envelope), { state: 'retrying', error: 'no', tries: 3, delay: 600 });
    expect(await headOf(envelope)).toMatchObject({ due: false, delayed: 1, attempts: 6 });
    expect(await parked.retry(envelope.id, operator)).toEqual({ state: 'retrying', attempts: 6, version: 2 });
    expect(await headOf(envelope)).toMatchObject({ state: 'retrying', due: true, delayed: 0 });
    expect(await actionsOn(envelope.id)).toEqual([
      {
        action: 'retry',
        operator: operator.id,
        reason: operator.reason,
        before: { state: 'retrying', attempts: 6, version: 1 },
        after: { state: 'retrying', attempts: 6, version: 2 },
      },
    ]);
  });

  it('forgives deaths, but not an attempt that a living worker is at', async () => {
    const envelope = await dead();
    const living = randomUUID();
    await world.rows.query(
      `insert into platform.workers (id, host, pid, release, contexts) values ($1, 'here', 1, '1', '{}')`,
      [living],
    );
    for (const process of [randomUUID(), randomUUID(), living])
      await world.rows.query('insert into platform.attempts (command_id, process) values ($1, $2)', [
        envelope.id,
        process,
      ]);
    await parked.retry(envelope.id, operator);
    expect(await attempts.history(envelope.id)).toMatchObject({ deaths: 0, elsewhere: 1 });
  });

  it('stands when a run that had begun before it fails', async () => {
    const envelope = await dead();
    await parked.retry(envelope.id, operator);
    const running = await headOf(envelope);
    await attempts.begin(envelope.id);
    await parked.retry(envelope.id, operator);
    await parking.parkAgain(running, { state: 'dead', error: new Error('too early'), tries: 3 });
    expect(await headOf(envelope)).toMatchObject({ state: 'retrying', due: true, attempts: 3 });
    expect(await world.rows.query('select from platform.attempts where command_id = $1', [envelope.id])).toEqual([]);
  });

  it('changes nothing for one that waits behind another, has ended, or is not there', async () => {
    const head = await dead();
    const follower = counting(2, { lane: head.lane });
    await park(follower, 'blocked');
    expect(await parked.retry(follower.id, operator).catch((error: unknown) => error)).toMatchObject({
      reason: 'waits',
      by: head.id,
    });
    await group.write([run(await headOf(head))]);
    expect(await reason(parked.retry(head.id, operator))).toBe('ended');
    expect(await reason(parked.retry(randomUUID(), operator))).toBe('unknown');
    expect(await actionsOn(follower.id)).toEqual([]);
    expect(await actionsOn(head.id)).toEqual([]);
  });

  it('can be bound to what was seen', async () => {
    const { id } = await dead();
    expect(await reason(parked.retry(id, operator, 2))).toBe('changed');
    expect(await reason(parked.retry(id, operator, 1))).toBe('done');
  });
});

describe('Editing a parked command', () => {
  it('has the new payload run under the same id, for the same author, and keeps both payloads', async () => {
    const envelope = await dead({ keyHash: Buffer.alloc(32, 7), deadline: new Date('2100-01-01T00:00:00.000Z') });
    await parked.edit(envelope.id, payload(envelope, 5), operator);
    const head = await headOf(envelope);
    expect(head).toMatchObject({ state: 'retrying', due: true, edition: 1 });
    expect(seal.open(head.properties, head.body)).toEqual({
      kind: 'genuine',
      envelope: { ...envelope, body: Buffer.from(JSON.stringify(payload(envelope, 5))) },
    });
    await group.write([run(head)]);
    expect(await itemsOf(envelope)).toBe(5);
    expect(await world.rows.one('select payload, status from platform.commands where id = $1', [envelope.id])).toEqual({
      payload: payload(envelope, 5),
      status: 'succeeded',
    });
    const [{ before, after }] = (await world.rows.query<{ before: Buffer; after: Buffer }>(
      'select envelope_before as before, envelope_after as after from platform.operator_actions where subject_id = $1',
      [envelope.id],
    )) as [{ before: Buffer; after: Buffer }];
    const bodies = [before, after].map((bytes) => {
      const { body } = JSON.parse(bytes.toString()) as { body: string };
      return JSON.parse(Buffer.from(body, 'base64').toString()) as unknown;
    });
    expect(bodies).toEqual([payload(envelope, 1), payload(envelope, 5)]);
  });

  it('leaves no effect to a run of the former payload', async () => {
    const envelope = await dead();
    const former = await headOf(envelope);
    await parked.edit(envelope.id, payload(envelope, 7), operator);
    await expect(group.write([run(former)])).rejects.toThrow(Superseded);
    expect([await statusOf(envelope.id), await itemsOf(envelope)]).toEqual([undefined, undefined]);
    await parking.parkAgain(former, { state: 'dead', error: 'superseded', tries: 3 });
    await group.write([run(await headOf(envelope))]);
    expect([await statusOf(envelope.id), await itemsOf(envelope)]).toEqual(['succeeded', 7]);
  });

  it('is done or too late, whenever the former payload is committed', async () => {
    const ends = await Promise.all(
      Array.from({ length: 60 }, async () => {
        const envelope = await dead();
        const former = await headOf(envelope);
        const [edited, written] = await Promise.all([
          reason(parked.edit(envelope.id, payload(envelope, 9), operator)),
          group.write([run(former)]).then(
            () => 'stored',
            (error: unknown) => (error instanceof Superseded ? 'superseded' : error),
          ),
        ]);
        if (edited === 'done') await group.write([run(await headOf(envelope))]);
        return `${String(edited)} ${String(written)} ${await statusOf(envelope.id)} ${await itemsOf(envelope)}`;
      }),
    );
    for (const end of ends)
      expect(['done superseded succeeded 9', 'ended stored succeeded 1', 'unknown stored succeeded 1']).toContain(end);
  });

  it('refuses what is no payload of its type, or is for another aggregate', async () => {
    const envelope = await dead();
    await expect(parked.edit(envelope.id, payload(envelope, 'many'), operator)).rejects.toThrow(InvalidMessage);
    expect(await reason(parked.edit(envelope.id, { box_id: randomUUID(), items: 1 }, operator))).toBe('lane_changed');
    const unknown = await dead({ type: 'store.burn_box.v1' });
    expect(await reason(parked.edit(unknown.id, payload(unknown, 1), operator))).toBe('type_unknown');
    expect(await headOf(envelope)).toMatchObject({ state: 'dead', edition: 0 });
    expect(await actionsOn(envelope.id)).toEqual([]);
  });

  it('lends nobody a signature', async () => {
    const envelope = counting(1);
    const properties = new EnvelopeSeal(`two:${'t'.repeat(32)}`).seal(envelope);
    await parking.park({ properties, envelope, state: 'unsupported', attempts: 0 });
    expect(await reason(parked.edit(envelope.id, payload(envelope, 2), operator))).toBe('unverified');
  });

  it('by two operators who have seen the same is done by one', async () => {
    const envelope = await dead();
    const ends = await Promise.all(
      [4, 5].map((items) => reason(parked.edit(envelope.id, payload(envelope, items), operator, 1))),
    );
    expect(ends.map(String).sort()).toEqual(['changed', 'done']);
    expect(await actionsOn(envelope.id)).toHaveLength(1);
  });

  it('is not undone by a copy of the command that comes late', async () => {
    const envelope = await dead();
    await parked.edit(envelope.id, payload(envelope, 3), operator);
    expect(await park(envelope, 'blocked')).toBe('parked');
    expect(await headOf(envelope)).toMatchObject({ state: 'retrying', edition: 1 });
  });
});

describe('Discarding a parked command', () => {
  it('ends it, and leaves its lane to the next one', async () => {
    const head = await dead({ keyHash: Buffer.alloc(32, 8) });
    const next = counting(2, { lane: head.lane });
    await park(next, 'blocked');
    await attempts.begin(head.id);
    await parked.discard(head.id, operator);
    expect(
      await world.rows.one('select status, payload, key_hash, attempts from platform.commands where id = $1', [
        head.id,
      ]),
    ).toEqual({
      status: 'discarded',
      payload: payload(head, 1),
      key_hash: head.keyHash,
      attempts: 3,
    });
    expect(await headOf(head)).toMatchObject({ id: next.id });
    expect(await world.rows.query('select from platform.attempts where command_id = $1', [head.id])).toEqual([]);
    expect(await actionsOn(head.id)).toMatchObject([{ action: 'discard', before: { state: 'dead' } }]);
    expect(await park(head)).toBe('settled');
  });

  it('is done or too late, whenever it is committed', async () => {
    const ends = await Promise.all(
      Array.from({ length: 60 }, async () => {
        const envelope = await dead();
        const unit = run(await headOf(envelope));
        const [discarded, written] = await Promise.all([
          reason(parked.discard(envelope.id, operator)),
          group.write([unit]),
        ]);
        const { verdict, outcome } = written.get(unit) ?? {};
        return `${String(discarded)} ${verdict} ${outcome?.status} ${await statusOf(envelope.id)} ${await itemsOf(envelope)}`;
      }),
    );
    for (const end of ends)
      expect(['done duplicate discarded discarded undefined', 'ended stored succeeded succeeded 1']).toContain(end);
  });

  it('by two operators is done by one', async () => {
    const { id } = await dead();
    const ends = await Promise.all([1, 2].map(() => reason(parked.discard(id, operator))));
    expect(ends.map(String).sort()).toEqual(['done', 'ended']);
    expect(await actionsOn(id)).toHaveLength(1);
  });

  it('can be bound to what was seen, and changes nothing otherwise', async () => {
    const envelope = await dead();
    expect(await reason(parked.discard(envelope.id, operator, 4))).toBe('changed');
    expect(await headOf(envelope)).toMatchObject({ state: 'dead' });
    expect(await statusOf(envelope.id)).toBeUndefined();
  });

  it('ends one whose idempotency key another command has won', async () => {
    const keyHash = Buffer.alloc(32, 9);
    const winner = await dead({ keyHash });
    await group.write([run(await headOf(winner))]);
    const loser = await dead({ keyHash });
    await parked.discard(loser.id, operator);
    expect(await statusOf(loser.id)).toBe('discarded');
  });

  it('leaves no status to what nobody can verify', async () => {
    const envelope = counting(1);
    const properties = new EnvelopeSeal(`two:${'t'.repeat(32)}`).seal(envelope);
    await parking.park({ properties, envelope, state: 'unsupported', attempts: 0 });
    await parked.discard(envelope.id, operator);
    expect(await statusOf(envelope.id)).toBeUndefined();
    expect(await parking.headOf(envelope.context, envelope.lane)).toBeUndefined();
  });
});

describe('Retrying all that match', () => {
  /** A worker: what it fails on is parked dead again. */
  async function worker(fails: readonly string[], lanes: readonly Envelope[]): Promise<() => Promise<void>> {
    const over = new AbortController();
    const work = (async () => {
      while (!over.signal.aborted)
        for (const lane of lanes) {
          const head = await parking.headOf(lane.context, lane.lane);
          if (head?.state !== 'retrying') continue;
          if (fails.includes(head.id)) await parking.parkAgain(head, { state: 'dead', error: 'again', tries: 3 });
          else await group.write([run(head)]);
        }
    })();
    return async () => {
      over.abort();
      await work;
    };
  }

  it('goes in the order in which they were parked, and stops at the first that fails', async () => {
    const context = 'retrying_some';
    const all: Envelope[] = [];
    for (let n = 0; n < 5; n++) all.push(await dead({ context }));
    const [a, b, c] = all as [Envelope, Envelope, Envelope];
    const stop = await worker([c.id], all);
    const result = await retryRun(parked, { context }, { most: 100, stopOnFailure: true }, operator);
    await stop();
    expect(result).toEqual({
      items: [
        { id: a.id, became: 'succeeded' },
        { id: b.id, became: 'succeeded' },
        { id: c.id, became: 'failed' },
      ],
      stoppedBy: c.id,
      more: true,
    });
    expect(await actionsOn((all[3] as Envelope).id)).toEqual([]);
  });

  it('takes those that match, and not more than asked for', async () => {
    const context = 'retrying_few';
    const all: Envelope[] = [];
    for (let n = 0; n < 3; n++) all.push(await dead({ context }));
    const filter = { context, error: 'SCALES' };
    const { items, more } = await retryRun(parked, filter, { most: 2, stopOnFailure: false }, operator);
    expect({ items, more }).toEqual({
      items: all.slice(0, 2).map(({ id }) => ({ id, became: 'waiting' })),
      more: true,
    });
    const none = await retryRun(parked, { context, error: '%' }, { most: 2, stopOnFailure: false }, operator);
    expect(none).toEqual({ items: [], stoppedBy: null, more: false });
  });
});

describe('A lane behind a dead command', () => {
  it('has room for a thousand, of which copies take none', async () => {
    const head = await dead();
    await world.rows.query(
      `insert into platform.parked_commands
         (id, type, context, lane, lane_hash, resource_id, author, state, envelope, attempts, release, accepted_at)
       select gen_random_uuid(), type, context, lane, lane_hash, resource_id, author, 'blocked', envelope, 0, release, now()
       from platform.parked_commands, generate_series(1, $2) where id = $1`,
      [head.id, mostBehind - 1],
    );
    const [last, surplus] = [counting(1, { lane: head.lane }), counting(1, { lane: head.lane })];
    expect(await park(last, 'blocked', { crowded: true })).toBe('parked');
    expect(await park(surplus, 'blocked', { crowded: true })).toBe('full');
    expect(await park(last, 'blocked', { crowded: true })).toBe('parked');
    expect(await park(surplus, 'blocked')).toBe('parked');
  });

  it('knows those whose deadline is over while they wait', async () => {
    const head = await dead();
    const late = counting(1, { lane: head.lane, deadline: new Date(Date.now() - 1_000) });
    const early = counting(1, { lane: head.lane, deadline: new Date(Date.now() + 60_000) });
    expect(await headOf(head)).toMatchObject({ expired: false });
    await park(early, 'blocked');
    expect(await headOf(head)).toMatchObject({ expired: false });
    await park(late, 'blocked');
    expect(await headOf(head)).toMatchObject({ id: head.id, expired: true });
    const expired = await parking.expired(head.context, head.lane);
    expect(expired.map(({ properties }) => properties.messageId)).toEqual([late.id]);
  });
});
