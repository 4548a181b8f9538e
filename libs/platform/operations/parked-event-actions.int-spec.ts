import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { ConnectedDatabase } from '#testing/doubles/connected-database.js';
import { privacyOf } from '#testing/privacy.js';

import { eventId, type CloudEvent } from '../messaging/cloud-event.js';
import { ParkedEvents, type ParkedEventState } from '../policies/parked-events.js';
import { NotDone } from './not-done.js';
import { ParkedEventActions } from './parked-event-actions.js';

const operator = { id: randomUUID(), reason: 'the mail server is back', correlationId: 'a-correlation' };
const policy = 'store.stick_labels';
let world: ConnectedDatabase;
let events: ParkedEvents;
let actions: ParkedEventActions;

beforeAll(async () => {
  world = await ConnectedDatabase.create();
  const database = await world.connect();
  events = new ParkedEvents(database, privacyOf(database));
  actions = new ParkedEventActions(database);
});
afterAll(() => world.remove());

async function park(boxId: string, version: number, state: ParkedEventState): Promise<string> {
  const event: CloudEvent = {
    specversion: '1.0',
    id: eventId('store.box', boxId, version),
    source: '/contextflow/store',
    type: 'box.filled.v1',
    subject: boxId,
    time: '2026-03-01T10:00:00.000Z',
    datacontenttype: 'application/json',
    sequence: String(version),
    streamtype: 'store.box',
    actor: 'somebody',
    correlationid: 'a-correlation',
    causationid: 'a-command',
    data: { box_id: boxId },
  };
  await events.park({ context: 'store', policy, event, state, attempts: 3 }, new Error('no glue'));
  const { id } = await world.rows.one<{ id: string }>('select id from platform.parked_events where event_id = $1', [
    event.id,
  ]);
  return id;
}
const first = async (boxId: string) => events.next(policy, `store.box ${boxId}`);
const reason = (action: Promise<unknown>): Promise<unknown> =>
  action.then(
    () => 'done',
    (error: unknown) => (error instanceof NotDone ? error.reason : error),
  );

describe('A parked event', () => {
  it('that an operator retries may run, and keeps its place', async () => {
    const boxId = randomUUID();
    const id = await park(boxId, 1, 'dead');
    await park(boxId, 2, 'blocked');
    expect(await actions.retry(id, operator)).toEqual({ state: 'retrying', attempts: 3, version: 2 });
    expect(await first(boxId)).toMatchObject({ state: 'retrying', event: { sequence: '1' } });
    expect(
      await world.rows.one(
        'select action, operator, reason, before from platform.operator_actions where subject_id = $1',
        [id],
      ),
    ).toEqual({
      action: 'retry',
      operator: operator.id,
      reason: operator.reason,
      before: { state: 'dead', attempts: 3, version: 1, policy, type: 'box.filled.v1' },
    });
  });

  it('that an operator discards leaves its stream to the next one', async () => {
    const boxId = randomUUID();
    const id = await park(boxId, 1, 'dead');
    await park(boxId, 2, 'blocked');
    const ends = await Promise.all([1, 2].map(() => reason(actions.discard(id, operator))));
    expect(ends.map(String).sort()).toEqual(['done', 'unknown']);
    expect(await first(boxId)).toMatchObject({ event: { sequence: '2' } });
  });

  it('that waits behind another is not retried, nor is one that has changed since it was seen', async () => {
    const boxId = randomUUID();
    const id = await park(boxId, 1, 'dead');
    const behind = await park(boxId, 2, 'blocked');
    expect(await reason(actions.retry(behind, operator))).toBe('waits');
    expect(await reason(actions.retry(id, operator, 1))).toBe('done');
    expect(await reason(actions.retry(id, operator, 1))).toBe('changed');
    expect(await reason(actions.discard(id, operator, 1))).toBe('changed');
    expect(await reason(actions.retry(randomUUID(), operator))).toBe('unknown');
  });
});
