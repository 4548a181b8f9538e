import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { boxUnit, packing } from '#testing/doubles/boxes.js';
import { ConnectedDatabase } from '#testing/doubles/connected-database.js';
import { sampleEnvelope } from '#testing/doubles/sample-envelope.js';

import { ReadDatabase } from '../database/read-database.js';
import { GroupCommit } from '../engine/group-commit.js';
import { InlineProjections } from '../engine/inline-projections.js';
import { Parking, type ParkedAs, type ParkedState } from '../engine/parking.js';
import { EnvelopeSeal, type Envelope } from '../messaging/envelope.js';
import { ScheduledCommands } from '../scheduling/scheduled-commands.js';
import { CommandStatusQueries } from './command-status.queries.js';

const seal = new EnvelopeSeal(`one:${'s'.repeat(32)}`);
let world: ConnectedDatabase;
let commands: CommandStatusQueries;
let group: GroupCommit;
let parking: Parking;
let scheduled: ScheduledCommands;

beforeAll(async () => {
  world = await ConnectedDatabase.create();
  const database = await world.connect();
  commands = new CommandStatusQueries(new ReadDatabase(database));
  group = new GroupCommit(database, new InlineProjections(database, []), randomUUID());
  scheduled = new ScheduledCommands(database);
  parking = new Parking(database, randomUUID(), '1.2.3');
});
afterAll(() => world.remove());

const park = (envelope: Envelope, state: ParkedState, attempts = 0): Promise<ParkedAs> =>
  parking.park({ properties: seal.seal(envelope), envelope, state, attempts });

describe('A command that has an end', () => {
  it('tells what it has made', async () => {
    const unit = packing(randomUUID());
    const { envelope } = unit;
    await group.write([unit]);
    expect(await commands.byId(envelope.id)).toEqual({
      author: envelope.author,
      type: envelope.type,
      resource_id: envelope.resourceId,
      status: 'succeeded',
      accepted_at: envelope.acceptedAt,
      settled_at: expect.any(Date),
      attempts: 1,
      problem: null,
      result: { version: 1, created: true },
      blocked_by: null,
      due_at: null,
      published_at: null,
      next_attempt_at: null,
      era: 1,
      xid: expect.stringMatching(/^\d+$/),
    });
  });

  it('tells why it was rejected', async () => {
    const unit = boxUnit(0, []);
    unit.rejection = { kind: 'not_found', reason: 'box_not_found', detail: 'there is no box' };
    await group.write([unit]);
    expect(await commands.byId(unit.envelope.id)).toMatchObject({
      status: 'rejected',
      problem: unit.rejection,
      result: null,
    });
  });
});

describe('A parked command', () => {
  it.each<[ParkedState, string]>([
    ['retrying', 'retrying'],
    ['unsupported', 'retrying'],
    ['dead', 'dead'],
  ])('that is %s is said to be %s', async (state, status) => {
    const envelope = sampleEnvelope();
    await park(envelope, state, 2);
    expect(await commands.byId(envelope.id)).toEqual({
      author: envelope.author,
      type: envelope.type,
      resource_id: envelope.resourceId,
      status,
      accepted_at: envelope.acceptedAt,
      settled_at: null,
      attempts: 2,
      problem: null,
      result: null,
      blocked_by: null,
      due_at: null,
      published_at: null,
      next_attempt_at: null,
      era: null,
      xid: null,
    });
  });

  it('that is blocked names the one that all of its lane wait for', async () => {
    const lane = randomUUID();
    const [head, second, third] = [1, 2, 3].map(() => sampleEnvelope({ lane })) as [Envelope, Envelope, Envelope];
    await park(sampleEnvelope(), 'dead');
    await park(sampleEnvelope({ lane, context: 'labour' }), 'dead');
    await park(head, 'dead');
    await park(second, 'blocked');
    await park(third, 'blocked');
    for (const { id } of [second, third])
      expect(await commands.byId(id)).toMatchObject({ status: 'blocked', blocked_by: head.id });
  });

  it('has an end as soon as it has one, though its row is still there', async () => {
    const unit = packing(randomUUID());
    await group.write([unit]);
    await world.rows.query(
      `insert into platform.parked_commands (id, type, context, lane, lane_hash, resource_id, author, state, envelope,
         attempts, release, accepted_at)
       select id, type, context, lane, 0, resource_id, author, 'retrying', '', 1, '1', accepted_at
       from platform.commands where id = $1`,
      [unit.envelope.id],
    );
    expect(await commands.byId(unit.envelope.id)).toMatchObject({ status: 'succeeded' });
  });
});

describe('A command that is stored nowhere', () => {
  it('is not told of', async () => {
    expect(await commands.byId(randomUUID())).toBeUndefined();
  });
});

describe('A scheduled command', () => {
  const at = new Date('2030-03-01T10:00:00.000Z');
  const schedule = async (): Promise<Envelope> => {
    const envelope = sampleEnvelope();
    await scheduled.schedule(envelope, at, { stream: `tasks.task ${envelope.lane}`, version: 1 });
    return envelope;
  };

  it('tells when it will be sent', async () => {
    const { id, type } = await schedule();
    expect(await commands.byId(id)).toMatchObject({ type, status: 'scheduled', due_at: at, settled_at: null });
  });

  it('is accepted once it is sent', async () => {
    const { id } = await schedule();
    await scheduled.published(id);
    expect(await commands.byId(id)).toMatchObject({
      status: 'accepted',
      due_at: null,
      published_at: expect.any(Date),
    });
  });

  it('is discarded when it was cancelled', async () => {
    const { id } = await schedule();
    await scheduled.cancel(id, { id: randomUUID(), correlationId: 'by-hand' });
    expect(await commands.byId(id)).toMatchObject({ status: 'discarded', due_at: null });
  });

  it('tells its outcome, from whatever moment it has one', async () => {
    const unit = packing(randomUUID());
    await scheduled.schedule(unit.envelope, at, { stream: `store.box ${unit.envelope.lane}`, version: 1 });
    await group.write([unit]);
    expect(await commands.byId(unit.envelope.id)).toMatchObject({ status: 'succeeded', due_at: null });
  });
});
