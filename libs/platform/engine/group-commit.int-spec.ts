import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { boxes, BoxFilled, BoxRow, boxTable, boxUnit, packing } from '#testing/doubles/boxes.js';
import { ConnectedDatabase } from '#testing/doubles/connected-database.js';

import type { Database } from '../database/database.js';
import { violatedConstraint } from '../database/errors.js';
import { Attempts } from './attempts.js';
import { GroupCommit, StaleUnits } from './group-commit.js';
import { InlineProjections } from './inline-projections.js';
import { Parking } from './parking.js';
import type { UnitOfWork } from './unit-of-work.js';

const worker = randomUUID();
let world: ConnectedDatabase;
let database: Database;
let group: GroupCommit;

const committing = (on: Database): GroupCommit => new GroupCommit(on, new InlineProjections(on, [boxes]), worker);

beforeAll(async () => {
  world = await ConnectedDatabase.create([BoxRow]);
  await world.rows.query(boxTable);
  database = await world.connect();
  group = committing(database);
});
afterAll(() => world.remove());

const filling = (boxId: string, version: number, items = 1): UnitOfWork =>
  boxUnit(version, [new BoxFilled({ boxId, items })], { lane: boxId });

const verdicts = async (...units: readonly UnitOfWork[]): Promise<string[]> => {
  const written = await group.write(units);
  return units.map((unit) => written.get(unit)?.verdict as string);
};

const versions = async (boxId: string): Promise<number[]> =>
  (
    await world.rows.query<{ version: number }>(
      'select version from platform.events where stream_id = $1 order by position',
      [boxId],
    )
  ).map(({ version }) => version);

const command = (id: string) =>
  world.rows.one<Record<string, unknown>>('select * from platform.commands where id = $1', [id]);

const isStored = async (unit: UnitOfWork): Promise<boolean> =>
  (await world.rows.query('select from platform.commands where id = $1', [unit.envelope.id])).length === 1;

describe('A group of units', () => {
  it('becomes outcomes, events and rows', async () => {
    const boxId = randomUUID();
    const unit = packing(boxId, `Blankets ${boxId}`, {
      traceParent: 't',
      keyHash: Buffer.alloc(32, boxId),
      fingerprint: Buffer.alloc(32, 7),
      body: Buffer.from('{"label":"B"}'),
    });
    unit.events = [...unit.events, new BoxFilled({ boxId, items: 3 })];
    expect(await verdicts(unit, packing(randomUUID()))).toEqual(['stored', 'stored']);
    const { envelope } = unit;
    expect(await command(envelope.id)).toMatchObject({
      key_hash: envelope.keyHash,
      type: envelope.type,
      context: 'store',
      lane: boxId,
      resource_id: boxId,
      author: envelope.author,
      fingerprint: envelope.fingerprint,
      payload: { label: 'B' },
      status: 'succeeded',
      result: { version: 2, created: true },
      problem: null,
      attempts: 1,
      worker,
      correlation_id: envelope.correlationId,
      trace_parent: 't',
      accepted_at: envelope.acceptedAt,
    });
    const events = await world.rows.query('select * from platform.events where stream_id = $1 order by position', [
      boxId,
    ]);
    const metadata = {
      command_id: envelope.id,
      correlation_id: 'a-correlation',
      actor: envelope.author,
      trace_parent: 't',
    };
    const common = { stream_type: 'store.box', metadata, occurred_at: envelope.acceptedAt };
    expect(events).toMatchObject([
      { ...common, version: 1, type: 'box.packed.v1', data: { box_id: boxId, label: `Blankets ${boxId}` } },
      { ...common, version: 2, type: 'box.filled.v1', data: { box_id: boxId, items: 3 } },
    ]);
    expect(await world.rows.one('select version, items from store.boxes where id = $1', [boxId])).toEqual({
      version: 2,
      items: 3,
    });
  });

  it('records a rejection with its problem and its payload', async () => {
    const unit = boxUnit(0, [], { body: Buffer.from('{"items":1}') });
    unit.rejection = { kind: 'not_found', reason: 'box_not_found', detail: 'no box' };
    expect(await verdicts(unit)).toEqual(['stored']);
    expect(await command(unit.envelope.id)).toMatchObject({
      status: 'rejected',
      result: null,
      problem: unit.rejection,
      payload: { items: 1 },
    });
  });

  it('records a message that nobody could read, without its payload', async () => {
    const unit = boxUnit(0, [], { body: Buffer.from('{"items":') });
    unit.stream = undefined;
    unit.rejection = { kind: 'invalid', reason: 'invalid_message', detail: 'no JSON', errors: [] };
    expect(await verdicts(unit)).toEqual(['stored']);
    expect(await command(unit.envelope.id)).toMatchObject({ status: 'rejected', payload: null });
  });
});

describe('A command that has an outcome', () => {
  const position = expect.stringMatching(/^[\w-]+$/);

  it('gets it again, and changes nothing', async () => {
    const boxId = randomUUID();
    const first = packing(boxId);
    const again = packing(boxId, boxId, { id: first.envelope.id });
    await group.write([first]);
    const written = await group.write([again, packing(randomUUID())]);
    expect([...written.values()].map(({ verdict }) => verdict).sort()).toEqual(['duplicate', 'stored']);
    expect(written.get(again)).toEqual({
      verdict: 'duplicate',
      outcome: { status: 'succeeded', problem: null, result: { version: 1, created: true }, position },
    });
    expect(await versions(boxId)).toEqual([1]);
  });

  it('keeps its first outcome, whatever a later run decided', async () => {
    const unit = boxUnit(0, []);
    unit.rejection = { kind: 'conflict', reason: 'already_exists', detail: 'd' };
    await group.write([unit]);
    const later = packing(unit.envelope.lane, 'later', { id: unit.envelope.id });
    expect((await group.write([later])).get(later)).toEqual({
      verdict: 'duplicate',
      outcome: { status: 'rejected', problem: unit.rejection, result: null, position },
    });
    expect(await versions(unit.envelope.lane)).toEqual([]);
  });

  it('is told by its id', async () => {
    const unit = packing(randomUUID());
    await group.write([unit]);
    const outcomes = await group.outcomes([unit.envelope.id, randomUUID()]);
    expect([...outcomes]).toEqual([
      [unit.envelope.id, { status: 'succeeded', problem: null, result: { version: 1, created: true }, position }],
    ]);
  });
});

describe('An idempotency key that has been used with another request', () => {
  const reused = {
    status: 'rejected',
    problem: expect.objectContaining({ reason: 'idempotency_key_reused' }),
    result: null,
  };

  it('rejects the later command, and leaves the key to the first', async () => {
    const keyHash = Buffer.from(randomUUID());
    const [first, second] = [
      packing(randomUUID(), undefined, { keyHash }),
      packing(randomUUID(), undefined, { keyHash }),
    ] as const;
    await group.write([first]);
    expect((await group.write([second])).get(second)).toEqual({ verdict: 'duplicate', outcome: reused });
    expect(await command(second.envelope.id)).toMatchObject({ status: 'rejected', key_hash: null, payload: {} });
    expect(await versions(second.envelope.lane)).toEqual([]);
  });

  it('rejects all but one of the commands that come with it at once', async () => {
    const keyHash = Buffer.from(randomUUID());
    const units = [1, 2, 3].map(() => packing(randomUUID(), undefined, { keyHash }));
    expect((await verdicts(...units)).sort()).toEqual(['duplicate', 'duplicate', 'stored']);
    const rows = await world.rows.query('select from platform.events where stream_id = any($1::uuid[])', [
      units.map(({ envelope }) => envelope.lane),
    ]);
    expect(rows).toHaveLength(1);
  });
});

describe('A unit that decided on what is not so any more', () => {
  const stale = async (...units: readonly UnitOfWork[]): Promise<number[]> => {
    const error: unknown = await group.write(units).catch((thrown: unknown) => thrown);
    if (!(error instanceof StaleUnits)) throw error;
    return units.flatMap((unit, index) => (error.units.has(unit) ? [index] : []));
  };

  it('is refused when it would leave a gap in its stream', async () => {
    const boxId = randomUUID();
    await group.write([packing(boxId)]);
    expect(await stale(filling(boxId, 3))).toEqual([0]);
    expect(await stale(filling(randomUUID(), 1))).toEqual([0]);
    expect(await versions(boxId)).toEqual([1]);
  });

  it('is refused when it has no events and its stream has moved', async () => {
    const boxId = randomUUID();
    await group.write([packing(boxId)]);
    const [tooEarly, absent] = [boxUnit(0, [], { lane: boxId }), boxUnit(2, [], { lane: boxId })] as const;
    expect(await stale(tooEarly)).toEqual([0]);
    expect(await stale(absent)).toEqual([0]);
    expect(await verdicts(boxUnit(1, [], { lane: boxId }), boxUnit(0, []))).toEqual(['stored', 'stored']);
  });

  it('takes its group with it, and nothing of the group is stored', async () => {
    const boxId = randomUUID();
    await group.write([packing(boxId)]);
    const [good, bad] = [packing(randomUUID()), filling(boxId, 9)] as const;
    expect(await stale(good, bad)).toEqual([1]);
    expect([await isStored(good), await isStored(bad)]).toEqual([false, false]);
  });

  it('cannot take a version that is taken', async () => {
    const boxId = randomUUID();
    await group.write([packing(boxId)]);
    const error: unknown = await group.write([packing(boxId, 'another')]).catch((thrown: unknown) => thrown);
    expect(violatedConstraint(error)).toEqual({ schema: 'platform', constraint: 'events_stream_version' });
  });
});

describe('A unique constraint of a read model', () => {
  it('is named when a unit violates it', async () => {
    await group.write([packing(randomUUID(), 'Cups')]);
    const second = packing(randomUUID(), 'Cups');
    const error: unknown = await group.write([second]).catch((thrown: unknown) => thrown);
    expect(violatedConstraint(error)).toEqual({ schema: 'store', constraint: 'boxes_label' });
    expect([await isStored(second), await versions(second.envelope.lane)]).toEqual([false, []]);
  });
});

describe('Two workers with the same commands', () => {
  it('have one effect together', async () => {
    const other = committing(await world.connect());
    const ids = Array.from({ length: 60 }, () => ({ id: randomUUID(), lane: randomUUID() }));
    const units = () => ids.map(({ id, lane }) => packing(lane, lane, { id }));
    const [mine, theirs] = [units(), units().reverse()] as const;
    const [here, there] = await Promise.all([group.write(mine), other.write(theirs)]);
    const stored = [...here.values(), ...there.values()].filter(({ verdict }) => verdict === 'stored');
    expect(stored).toHaveLength(60);
    for (const { lane } of ids) expect(await versions(lane)).toEqual([1]);
  });
});

describe('The end of a command', () => {
  it('takes its parked row and its attempts with it, and those of no other', async () => {
    const [unit, other] = [packing(randomUUID()), packing(randomUUID())] as const;
    const parking = new Parking(database, worker, '1');
    const attempts = new Attempts(database, worker);
    for (const { envelope } of [unit, other]) {
      const properties = { messageId: envelope.id, type: envelope.type, correlationId: 'c', headers: {} };
      await parking.park({ properties, envelope, state: 'retrying', attempts: 1 });
      await attempts.begin(envelope.id);
    }
    await group.write([unit]);
    const ids = [[unit.envelope.id, other.envelope.id]];
    expect(await world.rows.query('select id from platform.parked_commands where id = any($1::uuid[])', ids)).toEqual([
      { id: other.envelope.id },
    ]);
    expect(
      await world.rows.query('select command_id from platform.attempts where command_id = any($1::uuid[])', ids),
    ).toEqual([{ command_id: other.envelope.id }]);
  });
});

describe('An event', () => {
  it('never occurs before the one before it', async () => {
    const boxId = randomUUID();
    await group.write([packing(boxId)]);
    const late = new Date('2026-04-01T00:00:00Z');
    const unit = filling(boxId, 1);
    unit.stream = { ...(unit.stream as NonNullable<UnitOfWork['stream']>), occurredAt: late };
    await group.write([unit]);
    expect(
      await world.rows.one('select occurred_at from platform.events where stream_id = $1 and version = 2', [boxId]),
    ).toEqual({ occurred_at: late });
  });
});
