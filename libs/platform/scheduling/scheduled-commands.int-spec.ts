import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { ConnectedDatabase } from '#testing/doubles/connected-database.js';
import { sampleEnvelope } from '#testing/doubles/sample-envelope.js';
import { eventually } from '#testing/eventually.js';

import type { Envelope } from '../messaging/envelope.js';
import type { Operator } from '../operations/operator-actions.js';
import { ScheduledCommands, type Source } from './scheduled-commands.js';

const anHour = 3_600_000;
const operator: Operator = { id: randomUUID(), reason: 'not any more', correlationId: 'by-hand' };
let world: ConnectedDatabase;
let scheduled: ScheduledCommands;

beforeAll(async () => {
  world = await ConnectedDatabase.create();
  scheduled = new ScheduledCommands(await world.connect());
});
afterAll(() => world.remove());
beforeEach(() => world.rows.query('delete from platform.scheduled_commands'));

const inHours = (hours: number): Date => new Date(Math.floor(Date.now() / 1000) * 1000 + hours * anHour);
const by = (lane: string, version: number): Source => ({ stream: `tasks.task ${lane}`, version });
const reminder = (lane: string, fields: Partial<Envelope> = {}): Envelope =>
  sampleEnvelope({ lane, type: 'tasks.remind_of_due_date.v1', ...fields });

/** The ids that wait for their time, by it. */
const agenda = async (lane: string): Promise<string[]> =>
  (
    await world.rows.query<{ id: string }>(
      'select id from platform.scheduled_commands where lane = $1 and published_at is null order by due_at, seq',
      [lane],
    )
  ).map(({ id }) => id);

const statusOf = async ({ id }: { id: string }): Promise<string | undefined> =>
  (await world.rows.query<{ status: string }>('select status from platform.commands where id = $1', [id]))[0]?.status;

const actionsOn = ({ id }: { id: string }): Promise<Record<string, unknown>[]> =>
  world.rows.query(
    'select action, operator, reason, before, after from platform.operator_actions where subject_id = $1 order by at, id',
    [id],
  );

async function scheduledAt({ id }: { id: string }, at: Date): Promise<void> {
  await world.rows.query('update platform.scheduled_commands set scheduled_at = $2 where id = $1', [id, at]);
}

const impatient = { name: 'impatient', text: "set local lock_timeout = '500ms'" };
const succeeded = {
  name: 'succeeded',
  text: `
    insert into platform.commands (id, type, context, lane, resource_id, author, status, attempts, accepted_at)
    select id, type, context, lane, resource_id, author, 'succeeded', 1, scheduled_at
    from platform.scheduled_commands where id = any($1::uuid[])`,
};
const putAway = {
  name: 'put_away',
  text: 'delete from platform.scheduled_commands where id = any($1::uuid[])',
};

const waitingForOutcomes = async (): Promise<number> =>
  (
    await world.rows.one<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock' and query like '%into platform.commands%'`,
    )
  ).count;

async function settle({ id, type, context, lane, resourceId, author, acceptedAt }: Envelope): Promise<void> {
  await world.rows.query(
    `insert into platform.commands (id, type, context, lane, resource_id, author, status, attempts, accepted_at)
     values ($1, $2, $3, $4, $5, $6, 'succeeded', 1, $7)`,
    [id, type, context, lane, resourceId, author, acceptedAt],
  );
}

describe('A scheduled command', () => {
  it('is due at its time, as the command that it is', async () => {
    const lane = randomUUID();
    const envelope = reminder(lane, { body: Buffer.from('{"a":"ü"}'), traceParent: '00-a-b-01', roles: ['system'] });
    const at = inHours(-1);
    await scheduled.schedule(envelope, at, by(lane, 1));
    await scheduledAt(envelope, inHours(-2));
    expect(await scheduled.due(10)).toEqual([{ ...envelope, acceptedAt: at }]);
  });

  it('is meant when it is scheduled, if its time was over by then', async () => {
    const lane = randomUUID();
    await scheduled.schedule(reminder(lane), inHours(-10_000), by(lane, 1));
    const then = inHours(-1);
    const [{ id }] = (await scheduled.due(10)) as [Envelope];
    await scheduledAt({ id }, then);
    expect(await scheduled.due(10)).toMatchObject([{ acceptedAt: then }]);
  });

  it('is not due before', async () => {
    await scheduled.schedule(reminder(randomUUID()), inHours(1), by('a', 1));
    expect(await scheduled.due(10)).toEqual([]);
    const wait = (await scheduled.untilNext()) ?? 0;
    expect(wait).toBeGreaterThan(anHour - 60_000);
    expect(wait).toBeLessThanOrEqual(anHour);
  });

  it('is scheduled once, whatever copies say', async () => {
    const lane = randomUUID();
    const envelope = reminder(lane);
    await scheduled.schedule(envelope, inHours(1), by(lane, 1));
    await Promise.all([1, 2, 3].map(() => scheduled.schedule(envelope, inHours(1), by(lane, 1))));
    expect(await agenda(lane)).toEqual([envelope.id]);
  });

  it('is not scheduled when it has an outcome', async () => {
    const lane = randomUUID();
    const envelope = reminder(lane);
    await settle(envelope);
    await scheduled.schedule(envelope, inHours(-1), by(lane, 1));
    expect(await agenda(lane)).toEqual([]);
  });

  it('takes the place of the one before of its class and lane, which is discarded', async () => {
    const [lane, elsewhere] = [randomUUID(), randomUUID()];
    const [before, after, other, neighbour] = [
      reminder(lane),
      reminder(lane),
      reminder(lane, { type: 'tasks.archive_task.v1' }),
      reminder(elsewhere),
    ] as const;
    await scheduled.schedule(other, inHours(1), by(lane, 1));
    await scheduled.schedule(neighbour, inHours(1), by(elsewhere, 1));
    await scheduled.schedule(before, inHours(2), by(lane, 1));
    await scheduled.schedule(after, inHours(3), by(lane, 2));
    expect(await agenda(lane)).toEqual([other.id, after.id]);
    expect(await agenda(elsewhere)).toEqual([neighbour.id]);
    expect(await statusOf(before)).toBe('discarded');
  });

  it('is told of once it is sent no more', async () => {
    const lane = randomUUID();
    const [first, second] = [reminder(lane), reminder(lane, { type: 'tasks.archive_task.v1' })] as const;
    await scheduled.schedule(first, inHours(-2), by(lane, 1));
    await scheduled.schedule(second, inHours(-1), by(lane, 1));
    await scheduled.published(first.id);
    expect((await scheduled.due(10)).map(({ id }) => id)).toEqual([second.id]);
  });
});

describe('Scheduled commands', () => {
  it('are due the longest due first, so many at a time', async () => {
    const [c, a, b, later] = Array.from({ length: 4 }, () => reminder(randomUUID())) as [
      Envelope,
      Envelope,
      Envelope,
      Envelope,
    ];
    for (const [envelope, hours] of [
      [c, -1],
      [a, -3],
      [b, -2],
      [later, 1],
    ] as const)
      await scheduled.schedule(envelope, inHours(hours), by(envelope.lane, 1));
    expect((await scheduled.due(10)).map(({ id }) => id)).toEqual([a.id, b.id, c.id]);
    expect((await scheduled.due(2)).map(({ id }) => id)).toEqual([a.id, b.id]);
  });

  it('of one time are due in the order in which they were scheduled', async () => {
    const envelopes = Array.from({ length: 10 }, () => reminder(randomUUID()));
    const at = inHours(-1);
    for (const envelope of envelopes) await scheduled.schedule(envelope, at, by(envelope.lane, 1));
    expect((await scheduled.due(10)).map(({ id }) => id)).toEqual(envelopes.map(({ id }) => id));
  });

  it('that are none are not waited for', async () => {
    expect(await scheduled.untilNext()).toBeUndefined();
  });
});

describe('A cancelled command', () => {
  it('is recorded as discarded, and is not sent', async () => {
    const lane = randomUUID();
    const envelope = reminder(lane, { body: Buffer.from('{"a":1}') });
    await scheduled.schedule(envelope, inHours(-1), by(lane, 1));
    expect(await scheduled.cancel(envelope.id, operator)).toBe('cancelled');
    expect(await scheduled.due(10)).toEqual([]);
    const row = await world.rows.one(
      'select status, author, payload, attempts, correlation_id from platform.commands where id = $1',
      [envelope.id],
    );
    const { author, correlationId } = envelope;
    expect(row).toEqual({
      status: 'discarded',
      author,
      payload: { a: 1 },
      attempts: 0,
      correlation_id: correlationId,
    });
  });

  it('has no effect either when it is on its way already', async () => {
    const lane = randomUUID();
    const envelope = reminder(lane);
    await scheduled.schedule(envelope, inHours(-1), by(lane, 1));
    await scheduled.published(envelope.id);
    expect(await scheduled.cancel(envelope.id, operator)).toBe('cancelled');
    expect(await statusOf(envelope)).toBe('discarded');
  });

  it('can be cancelled too late, when it has run', async () => {
    const lane = randomUUID();
    const envelope = reminder(lane);
    await scheduled.schedule(envelope, inHours(-1), by(lane, 1));
    await settle(envelope);
    expect(await scheduled.cancel(envelope.id, operator)).toBe('too_late');
    expect(await statusOf(envelope)).toBe('succeeded');
    expect(await actionsOn(envelope)).toEqual([]);
  });

  it('is on record, with who cancelled it and why', async () => {
    const lane = randomUUID();
    const [envelope, at] = [reminder(lane), inHours(3)] as const;
    await scheduled.schedule(envelope, at, by(lane, 1));
    for (const _ of [1, 2]) await scheduled.cancel(envelope.id, operator);
    expect(await actionsOn(envelope)).toEqual([
      {
        action: 'cancel',
        operator: operator.id,
        reason: operator.reason,
        before: { id: envelope.id, type: envelope.type, lane, due_at: at.toISOString() },
        after: { status: 'discarded' },
      },
    ]);
  });

  it('stands in the way of no worker that ends it at the same time', async () => {
    const lane = randomUUID();
    const [cancelled, moved] = [reminder(lane), reminder(randomUUID())] as const;
    for (const envelope of [cancelled, moved]) await scheduled.schedule(envelope, inHours(-1), by(envelope.lane, 1));
    const wishes = await (
      await world.connect()
    ).transaction(async (worker) => {
      // Nobody who waits for the outcomes may hold a row that the worker deletes next.
      await worker.query(impatient, []);
      await worker.query(succeeded, [[cancelled.id, moved.id]]);
      const both = [
        scheduled.cancel(cancelled.id, operator),
        scheduled.move(moved.id, randomUUID(), inHours(1), operator),
      ];
      await eventually('both wait for the outcomes', async () => (await waitingForOutcomes()) === 2);
      await worker.query(putAway, [[cancelled.id, moved.id]]);
      return both;
    });
    expect(await Promise.all(wishes)).toEqual(['too_late', 'too_late']);
    expect([await statusOf(cancelled), await statusOf(moved)]).toEqual(['succeeded', 'succeeded']);
  });

  it('is unknown when there is none', async () => {
    expect(await scheduled.cancel(randomUUID(), operator)).toBe('unknown');
  });

  it('goes with all of its class and lane, many at a time', async () => {
    const lanes = Array.from({ length: 5 }, () => randomUUID());
    const envelopes = lanes.map((lane) => reminder(lane));
    for (const envelope of envelopes) await scheduled.schedule(envelope, inHours(1), by(envelope.lane, 1));
    const kept = reminder(lanes[0] as string, { type: 'tasks.archive_task.v1' });
    await scheduled.schedule(kept, inHours(1), by(kept.lane, 1));
    await Promise.all(
      lanes
        .slice(0, 4)
        .map((lane) => scheduled.cancelAll({ type: 'tasks.remind_of_due_date.v1', lane, source: by(lane, 2) })),
    );
    expect(await Promise.all(lanes.map(agenda))).toEqual([[kept.id], [], [], [], [envelopes[4]?.id]]);
  });
});

describe('A copy of an old event', () => {
  it('changes nothing once its command was replaced', async () => {
    const lane = randomUUID();
    const [first, second] = [reminder(lane), reminder(lane)] as const;
    await scheduled.schedule(first, inHours(1), by(lane, 1));
    await scheduled.schedule(second, inHours(2), by(lane, 2));
    await scheduled.schedule(first, inHours(1), by(lane, 1));
    expect(await agenda(lane)).toEqual([second.id]);
    await scheduled.schedule(second, inHours(2), by(lane, 2));
    expect(await agenda(lane)).toEqual([second.id]);
    expect(await statusOf(second)).toBeUndefined();
  });

  it('changes nothing once its command was cancelled', async () => {
    const lane = randomUUID();
    const envelope = reminder(lane);
    await scheduled.schedule(envelope, inHours(1), by(lane, 1));
    await scheduled.cancel(envelope.id, operator);
    await scheduled.schedule(envelope, inHours(1), by(lane, 1));
    expect(await agenda(lane)).toEqual([]);
  });

  it('does not cancel what a later event has scheduled', async () => {
    const lane = randomUUID();
    const [first, again] = [reminder(lane), reminder(lane)] as const;
    const type = first.type;
    const copies = [
      () => scheduled.schedule(first, inHours(1), by(lane, 1)),
      () => scheduled.cancelAll({ type, lane, source: by(lane, 2) }),
      () => scheduled.schedule(again, inHours(2), by(lane, 3)),
    ];
    for (const from of [0, 0, 1, 2]) for (const copy of copies.slice(from)) await copy();
    expect(await agenda(lane)).toEqual([again.id]);
    await scheduled.cancelAll({ type, lane, source: by(lane, 4) });
    expect(await agenda(lane)).toEqual([]);
  });
});

describe('A moved command', () => {
  it('is due at its new time under its new id, and discarded under the old one', async () => {
    const lane = randomUUID();
    const [envelope, newId] = [reminder(lane), randomUUID()] as const;
    await scheduled.schedule(envelope, inHours(5), by(lane, 1));
    const at = inHours(-1);
    expect(await scheduled.move(envelope.id, newId, at, operator)).toBe('cancelled');
    await scheduledAt({ id: newId }, inHours(-2));
    expect(await scheduled.due(10)).toEqual([{ ...envelope, id: newId, acceptedAt: at }]);
    expect(await statusOf(envelope)).toBe('discarded');
  });

  it('is one, however often it is moved there', async () => {
    const lane = randomUUID();
    const [envelope, newId] = [reminder(lane), randomUUID()] as const;
    await scheduled.schedule(envelope, inHours(5), by(lane, 1));
    for (const _ of [1, 2]) expect(await scheduled.move(envelope.id, newId, inHours(1), operator)).toBe('cancelled');
    expect(await agenda(lane)).toEqual([newId]);
    expect(await actionsOn(envelope)).toEqual([
      {
        action: 'move',
        operator: operator.id,
        reason: operator.reason,
        before: expect.objectContaining({ id: envelope.id, lane }),
        after: expect.objectContaining({ id: newId, lane }),
      },
    ]);
  });

  it('stays what a later event replaces or cancels, and an earlier one does not', async () => {
    const lane = randomUUID();
    const [envelope, newId, next] = [reminder(lane), randomUUID(), reminder(lane)] as const;
    await scheduled.schedule(envelope, inHours(5), by(lane, 2));
    await scheduled.move(envelope.id, newId, inHours(1), operator);
    await scheduled.schedule(envelope, inHours(5), by(lane, 2));
    await scheduled.cancelAll({ type: envelope.type, lane, source: by(lane, 1) });
    expect(await agenda(lane)).toEqual([newId]);
    await scheduled.schedule(next, inHours(6), by(lane, 3));
    expect(await agenda(lane)).toEqual([next.id]);
    expect(await statusOf({ id: newId })).toBe('discarded');
  });

  it('is not moved when it has run, or there is none', async () => {
    const lane = randomUUID();
    const envelope = reminder(lane);
    await scheduled.schedule(envelope, inHours(-1), by(lane, 1));
    await settle(envelope);
    expect(await scheduled.move(envelope.id, randomUUID(), inHours(1), operator)).toBe('too_late');
    expect(await agenda(lane)).toEqual([]);
    expect(await scheduled.move(randomUUID(), randomUUID(), inHours(1), operator)).toBe('unknown');
  });
});
