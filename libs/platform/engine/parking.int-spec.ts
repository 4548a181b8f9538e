import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { packing } from '#testing/doubles/boxes.js';
import { ConnectedDatabase } from '#testing/doubles/connected-database.js';
import { sampleEnvelope } from '#testing/doubles/sample-envelope.js';

import { EnvelopeSeal, partitionOf, type Envelope } from '../messaging/envelope.js';
import { Attempts } from './attempts.js';
import { GroupCommit } from './group-commit.js';
import { InlineProjections } from './inline-projections.js';
import { Parking, type Head, type ParkedAs, type ParkedState } from './parking.js';

const worker = randomUUID();
const seal = new EnvelopeSeal(`one:${'s'.repeat(32)}`);
let world: ConnectedDatabase;
let parking: Parking;
let attempts: Attempts;
let group: GroupCommit;

beforeAll(async () => {
  world = await ConnectedDatabase.create();
  const database = await world.connect();
  parking = new Parking(database, worker, '1.2.3');
  attempts = new Attempts(database, worker);
  group = new GroupCommit(database, new InlineProjections(database, []), worker);
});
afterAll(() => world.remove());

const park = (envelope: Envelope, state: ParkedState = 'blocked', error?: unknown): Promise<ParkedAs> =>
  parking.park({ properties: seal.seal(envelope), envelope, state, attempts: 0, error });

const headOf = async ({ context, lane }: Envelope): Promise<Head> => {
  const head = await parking.headOf(context, lane);
  if (!head) throw new Error(`nothing is parked in ${lane}`);
  return head;
};

describe('A parked command', () => {
  it('comes back as it was delivered', async () => {
    const envelope = sampleEnvelope({ body: Buffer.from([0, 255, 10]), roles: ['user'] });
    expect(await park(envelope, 'unsupported')).toBe('parked');
    const { properties, body, ...head } = await headOf(envelope);
    expect(seal.open(properties, body)).toEqual({ kind: 'genuine', envelope });
    expect(head).toEqual({
      context: envelope.context,
      lane: envelope.lane,
      id: envelope.id,
      state: 'unsupported',
      type: envelope.type,
      attempts: 0,
      delayed: 0,
      revision: 1,
      edition: 0,
      acceptedAt: envelope.acceptedAt,
      due: true,
      expired: false,
      settled: false,
    });
  });

  it('waits behind the earlier ones of its lane', async () => {
    const lane = randomUUID();
    const envelopes = Array.from({ length: 20 }, () => sampleEnvelope({ lane }));
    await park(envelopes[0] as Envelope, 'dead');
    await Promise.all(envelopes.slice(1).map((envelope) => park(envelope)));
    const order: string[] = [];
    for (let head = await parking.headOf('tasks', lane); head; head = await parking.headOf('tasks', lane)) {
      order.push(head.id);
      await parking.remove(head.id);
    }
    expect(order).toEqual(envelopes.map(({ id }) => id));
  });

  it('is parked once', async () => {
    const envelope = sampleEnvelope();
    expect(await Promise.all([park(envelope, 'dead'), park(envelope, 'blocked')])).toEqual(['parked', 'parked']);
    expect(await headOf(envelope)).toMatchObject({ state: 'dead' });
  });

  it('is not parked when it has an outcome', async () => {
    const unit = packing(randomUUID());
    await group.write([unit]);
    const other = sampleEnvelope();
    expect(await Promise.all([park(unit.envelope), park(other)])).toEqual(['settled', 'parked']);
    expect(await parking.headOf('store', unit.envelope.lane)).toBeUndefined();
  });

  it('that has an outcome leaves no attempt on record, though processes have died with its copies', async () => {
    const unit = packing(randomUUID());
    await group.write([unit]);
    for (const gone of [randomUUID(), randomUUID(), randomUUID()])
      await new Attempts(await world.connect(), gone).begin(unit.envelope.id);
    expect(await park(unit.envelope, 'dead')).toBe('settled');
    expect(await world.rows.query('select from platform.attempts where command_id = $1', [unit.envelope.id])).toEqual(
      [],
    );
  });

  it('that got its outcome elsewhere is known to have one', async () => {
    const unit = packing(randomUUID());
    await park(unit.envelope, 'dead');
    const { id, type, context, lane, resourceId, author, acceptedAt } = unit.envelope;
    await world.rows.query(
      `insert into platform.commands (id, type, context, lane, resource_id, author, status, attempts, accepted_at)
       values ($1, $2, $3, $4, $5, $6, 'discarded', 0, $7)`,
      [id, type, context, lane, resourceId, author, acceptedAt],
    );
    expect(await headOf(unit.envelope)).toMatchObject({ settled: true });
  });

  it('keeps its place after another attempt that failed', async () => {
    const lane = randomUUID();
    const [first, second] = [sampleEnvelope({ lane }), sampleEnvelope({ lane })] as const;
    await park(first, 'unsupported');
    await park(second);
    await parking.parkAgain(await headOf(first), { state: 'dead', error: new Error('again'), tries: 3 });
    expect(await headOf(first)).toMatchObject({ id: first.id, state: 'dead', attempts: 3 });
  });

  it('says what went wrong, whatever the error holds', async () => {
    const envelope = sampleEnvelope();
    await park(envelope, 'dead', Object.assign(new Error(`NUL \0 ${'x'.repeat(5_000)}`), { stack: undefined }));
    const row = await world.rows.one<{ error: string; stack: string | null; release: string }>(
      'select error, stack, release from platform.parked_commands where id = $1',
      [envelope.id],
    );
    expect(row).toMatchObject({ error: expect.stringMatching(/^NUL . x{1000}/), stack: null, release: '1.2.3' });
    expect(row.error.length).toBe(2_000);
    await parking.parkAgain(await headOf(envelope), { state: 'dead', error: 'no error at all', tries: 3 });
    expect(await world.rows.one('select error from platform.parked_commands where id = $1', [envelope.id])).toEqual({
      error: expect.stringContaining('no error at all'),
    });
  });

  it('ends the attempt that it was parked after, of this process only', async () => {
    const envelope = sampleEnvelope();
    const other = new Attempts(await world.connect(), randomUUID());
    await Promise.all([attempts.begin(envelope.id), other.begin(envelope.id)]);
    await park(envelope, 'dead');
    expect(await world.rows.query('select from platform.attempts where command_id = $1', [envelope.id])).toHaveLength(
      1,
    );
  });
});

describe('The first parked commands of partitions', () => {
  it('are one a lane, of those partitions only', async () => {
    const context = 'elsewhere';
    const lanes = Array.from({ length: 12 }, () => randomUUID());
    const first = new Map<string, string>();
    for (const lane of lanes) {
      const [head, next] = [sampleEnvelope({ context, lane }), sampleEnvelope({ context, lane })] as const;
      await park(head);
      await park(next);
      first.set(lane, head.id);
    }
    const wanted = [1, 2];
    const heads = await parking.heads(wanted.map((n) => ({ context, count: 3, n })));
    const expected = lanes.filter((lane) => wanted.includes(partitionOf(lane, 3)));
    expect(heads.map(({ lane }) => lane).sort()).toEqual(expected.sort());
    for (const { lane, id } of heads) expect(id).toBe(first.get(lane));
  });

  it('are none where nothing is parked, or no partition is asked for', async () => {
    expect(await parking.heads([{ context: 'nowhere', count: 8, n: 0 }])).toEqual([]);
    expect(await parking.heads([])).toEqual([]);
  });
});
