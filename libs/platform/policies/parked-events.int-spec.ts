import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { ConnectedDatabase } from '#testing/doubles/connected-database.js';
import { privacyOf } from '#testing/privacy.js';

import { eventId, type CloudEvent } from '../messaging/cloud-event.js';
import { ParkedEvents, streamOf, type ParkedEvent } from './parked-events.js';

let world: ConnectedDatabase;
let parked: ParkedEvents;

beforeAll(async () => {
  world = await ConnectedDatabase.create();
  const database = await world.connect();
  parked = new ParkedEvents(database, privacyOf(database));
});
afterAll(() => world.remove());

const event = (boxId: string, version: number): CloudEvent => ({
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
  data: { box_id: boxId, remark: 'ü \u0000 "' },
});

const waiting = (boxId: string, version: number, fields: Partial<ParkedEvent> = {}): ParkedEvent => ({
  context: 'store',
  policy: 'store.stick_labels',
  event: event(boxId, version),
  state: 'blocked',
  attempts: 0,
  ...fields,
});

describe('A parked event', () => {
  it('comes back as it was', async () => {
    const dead = waiting(randomUUID(), 1, { state: 'dead', attempts: 3 });
    await parked.park(dead, new Error('no'));
    expect(await parked.next(dead.policy, streamOf(dead.event))).toEqual(dead);
  });

  it('waits behind the earlier ones of its stream, in the order in which they were parked', async () => {
    const boxId = randomUUID();
    const all = Array.from({ length: 20 }, (_, n) => waiting(boxId, n + 1));
    for (const one of all) await parked.park(one);
    const order: string[] = [];
    for (let head; (head = await parked.next('store.stick_labels', `store.box ${boxId}`)); await parked.remove(head))
      order.push(head.event.sequence);
    expect(order).toEqual(all.map((one) => one.event.sequence));
  });

  it('is parked for each policy by itself', async () => {
    const boxId = randomUUID();
    const [labels, customer] = [waiting(boxId, 1), waiting(boxId, 1, { policy: 'store.tell_customer' })] as const;
    await parked.park(labels);
    await parked.park(customer);
    await parked.remove(labels);
    expect(await parked.next(labels.policy, `store.box ${boxId}`)).toBeUndefined();
    expect(await parked.next(customer.policy, `store.box ${boxId}`)).toEqual(customer);
  });

  it('keeps its place when it fails again, and is what it is when a copy of it merely waits', async () => {
    const boxId = randomUUID();
    for (const version of [1, 2]) await parked.park(waiting(boxId, version));
    const dead = waiting(boxId, 1, { state: 'dead', attempts: 6 });
    await parked.park(dead, new Error('again'));
    await parked.park(waiting(boxId, 1));
    expect(await parked.next(dead.policy, `store.box ${boxId}`)).toEqual(dead);
  });

  it('that was discarded while it was tried does not come back', async () => {
    const dead = waiting(randomUUID(), 1, { state: 'dead', attempts: 6 });
    await parked.park(dead);
    await parked.parkAgain({ ...dead, attempts: 9 }, new Error('again'));
    expect(await parked.next(dead.policy, streamOf(dead.event))).toMatchObject({ attempts: 9 });
    await parked.remove(dead);
    await parked.parkAgain(dead, new Error('again'));
    expect(await parked.next(dead.policy, streamOf(dead.event))).toBeUndefined();
  });

  it('says what went wrong, whatever the error holds', async () => {
    const boxId = randomUUID();
    const errorOf = async (): Promise<{ error: string | null; stack: string | null }> =>
      world.rows.one('select error, stack from platform.parked_events where stream = $1', [`store.box ${boxId}`]);
    const park = (error?: unknown): Promise<void> =>
      parked.park(waiting(boxId, 1, { state: 'dead', attempts: 3 }), error);
    await park(Object.assign(new Error(`NUL \0 ${'x'.repeat(5_000)}`), { stack: undefined }));
    expect(await errorOf()).toEqual({ error: expect.stringMatching(/^NUL . x{1000,}$/), stack: null });
    expect((await errorOf()).error).toHaveLength(2_000);
    await park({ no: 'error' });
    expect((await errorOf()).error).toBe("{ no: 'error' }");
    await park();
    expect(await errorOf()).toEqual({ error: null, stack: null });
  });
});

describe('The first parked events of a context', () => {
  it('are one for each policy and stream', async () => {
    const context = 'elsewhere';
    const [one, other] = [randomUUID(), randomUUID()];
    const heads = [
      waiting(one, 3, { context, state: 'dead', attempts: 3 }),
      waiting(other, 1, { context, state: 'retrying' }),
      waiting(one, 4, { context, policy: 'store.tell_customer' }),
    ];
    for (const head of heads) await parked.park(head);
    for (const version of [4, 5]) await parked.park(waiting(one, version, { context }));
    const found = await parked.heads(context);
    expect(found).toHaveLength(3);
    expect(found).toEqual(expect.arrayContaining(heads));
    expect(await parked.heads('nowhere')).toEqual([]);
  });
});
