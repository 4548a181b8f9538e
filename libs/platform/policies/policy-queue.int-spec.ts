import { randomUUID } from 'node:crypto';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { IsInt, IsUUID } from 'class-validator';

import { Command, derivedId, Event, eventType, Message, newId, policy, send, toWire, type PolicyType } from '#kernel';
import { BoxFilled, BoxPacked } from '#testing/doubles/boxes.js';
import { ConnectedDatabase } from '#testing/doubles/connected-database.js';
import { FixedPartitions } from '#testing/doubles/fixed-partitions.js';
import { eventually } from '#testing/eventually.js';
import { keylessPrivacy, privacyOf } from '#testing/privacy.js';
import { sharedServers } from '#testing/servers.js';
import { partitions, TestBroker, type RawMessage } from '#testing/test-broker.js';

import type { Database } from '../database/database.js';
import { DeadMessages } from '../engine/dead-messages.js';
import type { LogCursor } from '../event-log/cursor.js';
import { armFailpoints } from '../failpoints/failpoint.js';
import { eventId, EventSeal, type CloudEvent, type EventMessage } from '../messaging/cloud-event.js';
import { CommandPublisher, NotPublished } from '../messaging/command-publisher.js';
import { EnvelopeSeal, type Envelope } from '../messaging/envelope.js';
import { InboxDays } from '../messaging/inbox-days.js';
import { RabbitCommandPublisher } from '../messaging/rabbitmq/rabbit-command-publisher.js';
import { RabbitCommandSource } from '../messaging/rabbitmq/rabbit-command-source.js';
import { RabbitEventPublisher } from '../messaging/rabbitmq/rabbit-event-publisher.js';
import { unpackedBody } from '../operations/parked-bytes.js';
import { EventQueues } from '../relay/event-queues.js';
import { ScheduledCommands } from '../scheduling/scheduled-commands.js';
import { ParkedEvents, type ParkedEvent } from './parked-events.js';
import { PersistentSender } from './persistent-sender.js';
import { Policies } from './policies.js';
import { PolicyQueue } from './policy-queue.js';
import { PolicyRunner } from './policy-runner.js';

@Command('store.stick_label.v1', 'boxId')
class StickLabel extends Message<StickLabel> {
  @IsUUID() readonly boxId!: string;
  @IsInt() readonly items!: number;
}

@Command('store.tell_customer.v1', 'boxId')
class TellCustomer extends Message<TellCustomer> {
  @IsUUID() readonly boxId!: string;
  @IsInt() readonly items!: number;
}

abstract class Desk {
  abstract visit(who: string, event: BoxFilled | BoxPacked): Promise<void>;
}

/** Where policies come by before they decide: it notes who did, and can keep them waiting, or send them away. */
class TestDesk extends Desk {
  readonly visits: string[] = [];
  readonly refused = new Set<string>();
  readonly #shut = new Map<string, { readonly opened: Promise<void>; readonly open: () => void }>();
  present = 0;
  most = 0;

  async visit(who: string, event: BoxFilled | BoxPacked): Promise<void> {
    this.visits.push(`${who} ${event.boxId} ${itemsOf(event)}`);
    this.most = Math.max(this.most, ++this.present);
    try {
      await this.#shut.get(event.boxId)?.opened;
      if (this.refused.has(`${who} ${event.boxId}`)) throw new Error(`${who} may not come in`);
    } finally {
      this.present--;
    }
  }

  shut(boxId: string): void {
    const { promise: opened, resolve: open } = Promise.withResolvers<void>();
    this.#shut.set(boxId, { opened, open });
  }

  open(boxId: string): void {
    this.#shut.get(boxId)?.open();
    this.#shut.delete(boxId);
  }

  of(who: string, boxId: string): number[] {
    const beginning = `${who} ${boxId} `;
    return this.visits
      .filter((visit) => visit.startsWith(beginning))
      .map((visit) => Number(visit.slice(beginning.length)));
  }
}

const itemsOf = (event: BoxFilled | BoxPacked): number => (event instanceof BoxFilled ? event.items : 0);

const stickLabels = [BoxPacked, BoxFilled].map((event) =>
  policy<BoxPacked | BoxFilled, Desk, void>('store.stick_labels', event, {
    from: Desk,
    rows: (desk, box) => desk.visit('labels', box),
    then: (box) => [send(new StickLabel({ boxId: box.boxId, items: itemsOf(box) }))],
  }),
);
const tellCustomer = policy('store.tell_customer', BoxFilled, {
  from: Desk,
  rows: (desk, box) => desk.visit('customer', box),
  then: ({ boxId, items }) => [send(new TellCustomer({ boxId, items }))],
});

const keys = `one:${'s'.repeat(32)}`;
const seal = new EventSeal(keys);
const counts = new FixedPartitions(new Map([['store', partitions]]));
const occurredAt = '2026-03-01T10:00:00.000Z';
let world: ConnectedDatabase;
let database: Database;
let broker: TestBroker;
let events: RabbitEventPublisher;
let commands: RabbitCommandPublisher;
let position = 0;
const overheard: RawMessage[] = [];
const open: { crash(): Promise<void> }[] = [];

beforeAll(async () => {
  Logger.overrideLogger(false);
  world = await ConnectedDatabase.create();
  database = await world.connect();
  broker = new TestBroker(sharedServers().rabbitmqUrl);
  events = new RabbitEventPublisher(broker.url, 'test events', broker.topology);
  commands = new RabbitCommandPublisher(broker.url, 'test', broker.topology, counts, new EnvelopeSeal(keys), 2_000);
  events.open();
  commands.open();
  await eventually('both are connected', () => events.ready && commands.ready);
  await broker.overhear('store', (message) => overheard.push(message));
});
afterEach(async () => {
  armFailpoints('');
  await Promise.all(open.splice(0).map((consumer) => consumer.crash()));
});
afterAll(async () => {
  await Promise.all([events.close(), commands.close()]);
  await broker.remove(['store']);
  await world.remove();
});

interface ConsumerParts {
  readonly policies?: readonly PolicyType[];
  readonly publisher?: CommandPublisher;
  readonly parked?: ParkedEvents;
  readonly inboxDays?: number;
}

/** A worker's consumer of the context's event queue, on a connection of its own. */
class Consumer {
  readonly desk = new TestDesk();
  readonly sender: PersistentSender;
  readonly source: RabbitCommandSource;
  readonly queue: PolicyQueue;
  readonly queues = new EventQueues(database);

  constructor({
    policies: listed,
    publisher = commands,
    parked = new ParkedEvents(database, privacyOf(database)),
    inboxDays = 36_500,
  }: ConsumerParts) {
    const policies = new Policies([{ name: 'store', policies: listed ?? [...stickLabels, tellCustomer] }]);
    this.sender = new PersistentSender(publisher);
    this.source = new RabbitCommandSource(broker.url, 'test', broker.topology, counts, {
      subscriptions: [{ context: 'store', types: [...policies.types('store'), 'box.lost.v1'] }],
      queues: this.queues,
    });
    const runner = new PolicyRunner(database, () => this.desk, this.sender, new ScheduledCommands(database));
    const dead = new DeadMessages(database, privacyOf(database));
    const inbox = new InboxDays(inboxDays);
    const parts = { database, seal, policies, runner, parked, dead, inbox, queues: this.queues };
    this.queue = new PolicyQueue('store', broker.topology.eventQueue('store'), parts);
  }

  static async open(parts: ConsumerParts = {}): Promise<Consumer> {
    const consumer = new Consumer(parts);
    open.push(consumer);
    consumer.source.open();
    await eventually('the source is ready', () => consumer.source.ready);
    await consumer.queue.open(consumer.source, 100);
    return consumer;
  }

  /** Its connection is cut. */
  async crash(): Promise<void> {
    this.sender.close();
    await this.source.close();
  }
}

/** An event of a box: the first says that it was packed, the later ones how much it was filled with. */
function happening(boxId: string, version: number, event?: object): CloudEvent {
  const fact =
    event ?? (version === 1 ? new BoxPacked({ boxId, label: 'a' }) : new BoxFilled({ boxId, items: version }));
  return {
    specversion: '1.0',
    id: eventId('store.box', boxId, version),
    source: '/contextflow/store',
    type: eventType(fact.constructor).name,
    subject: boxId,
    time: occurredAt,
    datacontenttype: 'application/json',
    sequence: String(version),
    streamtype: 'store.box',
    actor: 'somebody',
    correlationid: `about ${boxId}`,
    causationid: newId(),
    data: toWire(fact),
  };
}

const sealed = (event: CloudEvent, at = ++position): EventMessage =>
  seal.seal(event, { era: 1, xid: '1000', position: String(at) });

/** Lets boxes have their first events published, up to that version. */
async function publish(boxId: string, from: number, to = from): Promise<void> {
  for (let version = from; version <= to; version++) await events.publish(sealed(happening(boxId, version)));
}

const sent = (boxId: string, type = 'store.stick_label.v1') =>
  overheard
    .filter(({ properties, body }) => properties.type === type && body.includes(boxId))
    .map(({ properties, body }) => ({
      id: String(properties.messageId),
      ...(JSON.parse(body.toString()) as { items: number }),
    }));

async function rowsOf(boxId: string) {
  const rows = await world.rows.query<{
    policy: string;
    state: string;
    attempts: number;
    error: string | null;
    event: Buffer;
  }>(
    'select policy, state, attempts, error, event from platform.parked_events where stream = $1 order by policy, seq',
    [`store.box ${boxId}`],
  );
  return rows.map(({ event, ...row }) => {
    const { sequence } = JSON.parse(keylessPrivacy.openText(event.toString(), 'parked event')) as CloudEvent;
    return { ...row, version: Number(sequence) };
  });
}

/** All events that are published have been handled or parked, and acknowledged. */
const quiet = () =>
  eventually('the queue is empty', async () => {
    const { cursor } = await handledUpTo();
    return cursor === `1.1000.${position}`;
  });

async function handledUpTo(): Promise<{ cursor: string }> {
  await Promise.all(open.map((consumer) => (consumer as Consumer).queue.poll()));
  const [row] = await world.rows.query<{ cursor: string }>(
    `select era || '.' || xid || '.' || position as cursor from platform.checkpoints where name = 'store.events'`,
  );
  return row ?? { cursor: '' };
}

describe('Events of one stream', () => {
  it('come to a policy one after the other, in order, and those of other streams side by side', async () => {
    const { desk } = await Consumer.open({ policies: stickLabels });
    const [slow, quick] = [randomUUID(), randomUUID()];
    desk.shut(slow);
    await publish(slow, 1, 4);
    await publish(quick, 1, 4);
    await eventually('the quick box is through', () => desk.of('labels', quick).length === 4);
    expect(desk.of('labels', slow)).toEqual([0]);
    expect(desk.most).toBe(2);
    desk.open(slow);
    await quiet();
    expect(desk.of('labels', slow)).toEqual([0, 2, 3, 4]);
    await eventually('all labels are out', () => sent(slow).length === 4 && sent(quick).length === 4);
    expect(sent(slow).map(({ items }) => items)).toEqual([0, 2, 3, 4]);
  });

  it('come to every policy of the context', async () => {
    await Consumer.open();
    const boxId = randomUUID();
    await publish(boxId, 1, 2);
    await quiet();
    await eventually('both have acted', () => sent(boxId, 'store.tell_customer.v1').length === 1);
    expect(sent(boxId).map(({ items }) => items)).toEqual([0, 2]);
  });
});

describe('A command of a policy', () => {
  it('has an id that follows from the event, the policy and the lane, and is sent by the system', async () => {
    const letters = new Letters();
    await Consumer.open({ policies: stickLabels, publisher: letters });
    const boxId = randomUUID();
    await publish(boxId, 1);
    await quiet();
    expect(letters.list).toEqual([
      {
        id: derivedId(eventId('store.box', boxId, 1), 'store.stick_labels', boxId),
        type: 'store.stick_label.v1',
        context: 'store',
        lane: boxId,
        resourceId: boxId,
        author: 'system:store.stick_labels',
        roles: ['system'],
        acceptedAt: new Date(occurredAt),
        correlationId: `about ${boxId}`,
        traceParent: undefined,
        body: Buffer.from(JSON.stringify({ box_id: boxId, items: 0 })),
      },
    ]);
  });

  it('is told from others to its lane by its target', async () => {
    const letters = new Letters();
    const twice = policy('store.stick_twice', BoxPacked, {
      then: ({ boxId }) => [
        send(new StickLabel({ boxId, items: 1 }), 'lid'),
        send(new StickLabel({ boxId, items: 2 })),
      ],
    });
    await Consumer.open({ policies: [twice], publisher: letters });
    const boxId = randomUUID();
    await publish(boxId, 1);
    await quiet();
    const id = eventId('store.box', boxId, 1);
    expect(letters.list.map((letter) => letter.id)).toEqual([
      derivedId(id, 'store.stick_twice', 'lid'),
      derivedId(id, 'store.stick_twice', boxId),
    ]);
  });

  it.each([
    [
      'there are two to one target',
      ({ boxId }: BoxPacked) => [1, 2].map((items) => send(new StickLabel({ boxId, items }))),
      'sends two commands to one target: give each a target of its own',
    ],
    ['it is not valid', ({ boxId }: BoxPacked) => [send(new StickLabel({ boxId, items: 0.5 }))], /items/],
  ])('is not sent when %s', async (_, then, why) => {
    const letters = new Letters();
    await Consumer.open({ policies: [policy('store.stick_wrongly', BoxPacked, { then })], publisher: letters });
    const boxId = randomUUID();
    await publish(boxId, 1);
    await quiet();
    expect(letters.list).toEqual([]);
    const [row, ...others] = await rowsOf(boxId);
    expect(row).toMatchObject({ policy: 'store.stick_wrongly', state: 'dead', attempts: 3 });
    expect(row?.error).toMatch(why);
    expect(others).toEqual([]);
  });
});

describe('An event is acknowledged once all that follows from it is durable', () => {
  it('and comes again when the connection is cut before: the same commands, under the same ids', async () => {
    const letters = new Letters();
    letters.hold();
    const first = await Consumer.open({ publisher: letters });
    const boxId = randomUUID();
    await publish(boxId, 2);
    await eventually('the command is under way', () => letters.held === 1);
    await first.crash();
    open.length = 0;
    await Consumer.open();
    await quiet();
    await eventually('it was sent', () => sent(boxId).length === 1);
    letters.release();
    expect(letters.list.find(({ type }) => type === 'store.stick_label.v1')?.id).toBe(sent(boxId)[0]?.id);
  });

  it('and comes again when the worker fails just before it acknowledges: each command has one id', async () => {
    const boxId = randomUUID();
    armFailpoints(`policies.before_acknowledge(${eventId('store.box', boxId, 2)})=throw@1`);
    const first = await Consumer.open();
    await publish(boxId, 1, 3);
    await eventually('the first consumer gives up', () => first.queue.closed);
    open.length = 0;
    await first.crash();
    await Consumer.open();
    await quiet();
    await eventually('the second label came twice', () => sent(boxId).length === 4);
    expect(sent(boxId).map(({ items }) => items)).toEqual([0, 2, 2, 3]);
    expect(new Set(sent(boxId).map(({ id }) => id)).size).toBe(3);
  });

  it('so that what is remembered as handled never lies behind one that is not', async () => {
    const { desk } = await Consumer.open();
    await quiet().catch(() => undefined);
    const [slow, quick] = [randomUUID(), randomUUID()];
    desk.shut(slow);
    await publish(quick, 2);
    const before = position;
    await publish(slow, 2);
    await publish(quick, 3, 5);
    await eventually('the quick box is through', () => desk.of('customer', quick).length === 4);
    await eventually('it is remembered', async () => (await handledUpTo()).cursor === `1.1000.${before}`);
    desk.open(slow);
    await quiet();
  });
});

describe('An event that a policy cannot handle', () => {
  it('is tried three times, then blocks its stream for that policy alone', async () => {
    const { desk } = await Consumer.open();
    const [broken, fine] = [randomUUID(), randomUUID()];
    desk.refused.add(`labels ${broken}`);
    await publish(broken, 2, 4);
    await publish(fine, 2, 4);
    await quiet();
    expect(desk.of('labels', broken)).toEqual([2, 2, 2]);
    expect(desk.of('customer', broken)).toEqual([2, 3, 4]);
    expect(desk.of('labels', fine)).toEqual([2, 3, 4]);
    expect(await rowsOf(broken)).toEqual([
      { policy: 'store.stick_labels', state: 'dead', attempts: 3, error: 'labels may not come in', version: 2 },
      { policy: 'store.stick_labels', state: 'blocked', attempts: 0, error: null, version: 3 },
      { policy: 'store.stick_labels', state: 'blocked', attempts: 0, error: null, version: 4 },
    ]);
    expect(await rowsOf(fine)).toEqual([]);
  });

  it('still blocks its stream for the next worker', async () => {
    const first = await Consumer.open();
    const boxId = randomUUID();
    first.desk.refused.add(`labels ${boxId}`);
    await publish(boxId, 2);
    await quiet();
    open.length = 0;
    await first.crash();
    const { desk } = await Consumer.open();
    await publish(boxId, 3);
    await quiet();
    expect(desk.of('labels', boxId)).toEqual([]);
    expect((await rowsOf(boxId)).map(({ state, version }) => [version, state])).toEqual([
      [2, 'dead'],
      [3, 'blocked'],
    ]);
  });

  it('runs when an operator says so, and after it what waits behind it, in order, and then what comes', async () => {
    const { desk, queue } = await Consumer.open();
    const boxId = randomUUID();
    desk.refused.add(`labels ${boxId}`);
    await publish(boxId, 2, 4);
    await quiet();
    desk.refused.clear();
    desk.visits.length = 0;
    await retry(boxId);
    desk.shut(boxId);
    await queue.poll();
    await eventually('the first runs', () => desk.of('labels', boxId).length === 1);
    await publish(boxId, 5);
    desk.open(boxId);
    await eventually('all are through', () => desk.of('labels', boxId).length === 4);
    expect(desk.of('labels', boxId)).toEqual([2, 3, 4, 5]);
    await eventually('the customer hears of the last', () => desk.of('customer', boxId).length === 1);
    expect(desk.of('customer', boxId)).toEqual([5]);
    await eventually('nothing is parked', async () => (await rowsOf(boxId)).length === 0);
    await eventually('all labels are out', () => sent(boxId).length === 4);
    expect(sent(boxId).map(({ items }) => items)).toEqual([2, 3, 4, 5]);
  });

  it('is dead again after three more tries that fail, and keeps its place', async () => {
    const { desk, queue } = await Consumer.open();
    const boxId = randomUUID();
    desk.refused.add(`labels ${boxId}`);
    await publish(boxId, 2, 3);
    await quiet();
    await retry(boxId);
    await queue.poll();
    await eventually('it has been tried again', async () => (await rowsOf(boxId))[0]?.attempts === 6);
    expect((await rowsOf(boxId)).map(({ state, version }) => [version, state])).toEqual([
      [2, 'dead'],
      [3, 'blocked'],
    ]);
    expect(desk.of('labels', boxId)).toEqual([2, 2, 2, 2, 2, 2]);
  });

  it('stays dead, with its error, when a copy of it comes', async () => {
    const { desk } = await Consumer.open();
    const boxId = randomUUID();
    desk.refused.add(`labels ${boxId}`);
    await publish(boxId, 2, 3);
    await quiet();
    const before = await rowsOf(boxId);
    await publish(boxId, 2, 3);
    await quiet();
    expect(await rowsOf(boxId)).toEqual(before);
    expect(desk.of('labels', boxId)).toEqual([2, 2, 2]);
  });

  it('blocks its stream also when parked events are looked at in that moment', async () => {
    const parked = new LateHeads(database, privacyOf(database));
    const { desk, queue } = await Consumer.open({ parked });
    const [boxId, other] = [randomUUID(), randomUUID()];
    await publish(other, 2);
    await quiet();
    desk.refused.add(`labels ${boxId}`);
    const late = parked.delayNext();
    const polling = queue.poll();
    await late.read;
    await publish(boxId, 2);
    await eventually('it is parked', async () => (await rowsOf(boxId)).length === 1);
    desk.refused.clear();
    late.release();
    await polling;
    await publish(boxId, 3);
    await quiet();
    expect(desk.of('labels', boxId)).toEqual([2, 2, 2]);
    expect((await rowsOf(boxId)).map(({ state }) => state)).toEqual(['dead', 'blocked']);
  });
});

describe('An event that is older than the inbox', () => {
  it('is parked dead for each policy, since nobody can tell whether its commands were run before', async () => {
    const letters = new Letters();
    await Consumer.open({ publisher: letters, policies: stickLabels, inboxDays: 1 });
    const boxId = randomUUID();
    await publish(boxId, 1);
    await quiet();
    expect(letters.list).toEqual([]);
    const rows = await rowsOf(boxId);
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows)
      expect(row).toMatchObject({ state: 'dead', attempts: 0, error: expect.stringContaining('too_old_to_recognise') });
  });
});

describe('An event of a type that this release does not know', () => {
  class BoxLost extends Message<BoxLost> {
    @IsUUID() readonly boxId!: string;
  }
  const lost = (boxId: string, version: number): CloudEvent => ({
    ...happening(boxId, version),
    type: 'box.lost.v1',
    data: { box_id: boxId },
  });

  it('waits, copies and all, until a release comes that knows it', async () => {
    const first = await Consumer.open();
    const boxId = randomUUID();
    for (const version of [2, 3, 2]) await events.publish(sealed(lost(boxId, version)));
    await publish(boxId, 4);
    await quiet();
    await first.queue.poll();
    expect((await rowsOf(boxId)).map(({ policy: name, state, version }) => [name, state, version])).toEqual([
      ['*', 'unsupported', 2],
      ['*', 'unsupported', 3],
    ]);
    expect(first.desk.of('labels', boxId)).toEqual([4]);
    open.length = 0;
    await first.crash();

    Event('box.lost.v1', 'boxId')(BoxLost);
    const replace = policy('store.replace_lost', BoxLost, {
      then: ({ boxId: id }, _, { version }) => [send(new StickLabel({ boxId: id, items: -version }))],
    });
    const next = await Consumer.open({ policies: [...stickLabels, tellCustomer, replace] });
    await publish(randomUUID(), 2);
    await quiet();
    await next.queue.poll();
    await eventually('nothing is parked', async () => (await rowsOf(boxId)).length === 0);
    await eventually('both are handled', () => sent(boxId).length === 3);
    expect(sent(boxId).map(({ items }) => items)).toEqual([4, -2, -3]);
  });
});

describe('A message that no relay has signed', () => {
  const forged = (message: EventMessage): RawMessage => ({
    routingKey: message.type,
    body: message.body,
    properties: { messageId: message.id, type: message.type, headers: message.headers },
  });
  const signed = (boxId: string): EventMessage =>
    seal.seal(happening(boxId, 2), { era: 1, xid: '1000', position: '7' } satisfies LogCursor);

  it.each([
    ['without a signature', 'malformed', (message: EventMessage) => ({ ...message, headers: {} })],
    [
      'with a body of its own',
      'signature_invalid',
      (message: EventMessage) => ({
        ...message,
        body: Buffer.from(message.body.toString().replace('"items":2', '"items":9')),
      }),
    ],
    [
      'with another place in the log',
      'signature_invalid',
      (message: EventMessage) => ({ ...message, headers: { ...message.headers, 'log-cursor': '1.1000.8' } }),
    ],
    [
      'with another key',
      'signature_invalid',
      (message: EventMessage) => ({ ...message, headers: { ...message.headers, 'key-id': 'two' } }),
    ],
  ])('is put aside %s, and nothing follows from it', async (_, reason, forge) => {
    const { desk } = await Consumer.open();
    const boxId = randomUUID();
    await broker.publish([forged(forge(signed(boxId)))], broker.topology.events);
    const row = await eventually('it is put aside', async () =>
      (
        await world.rows.query<{ reason: string; queue: string; body: Buffer }>(
          'select reason, queue, body from platform.dead_messages',
        )
      ).find(({ body }) => unpackedBody(body, keylessPrivacy).includes(boxId)),
    );
    expect(row).toMatchObject({ reason, queue: broker.topology.eventQueue('store') });
    await publish(boxId, 3);
    await quiet();
    expect(desk.of('labels', boxId)).toEqual([3]);
    expect(await rowsOf(boxId)).toEqual([]);
  });
});

describe('A queue that is given up', () => {
  it('ends what runs, and leaves the rest to the next consumer', async () => {
    const first = await Consumer.open({ policies: stickLabels });
    const boxId = randomUUID();
    first.desk.shut(boxId);
    await publish(boxId, 2, 3);
    await eventually('one runs', () => first.desk.of('labels', boxId).length === 1);
    const closing = first.queue.close();
    await publish(boxId, 4);
    first.desk.open(boxId);
    await closing;
    expect(first.desk.of('labels', boxId)).toEqual([2]);
    open.length = 0;
    await first.crash();
    const next = await Consumer.open({ policies: stickLabels });
    await quiet();
    expect(next.desk.of('labels', boxId)).toEqual([3, 4]);
    await eventually('each label is out once', () => sent(boxId).length === 3);
  });

  it('ends at once while the broker takes no commands, when the process ends', async () => {
    const first = await Consumer.open({ policies: stickLabels, publisher: new Unreachable() });
    const boxId = randomUUID();
    await publish(boxId, 2);
    await eventually('it is at it', () => first.desk.of('labels', boxId).length === 1);
    const began = performance.now();
    first.sender.close();
    await first.queue.close();
    expect(performance.now() - began).toBeLessThan(2_000);
    open.length = 0;
    await first.crash();
    const next = await Consumer.open({ policies: stickLabels });
    await quiet();
    expect(next.desk.of('labels', boxId)).toEqual([2]);
  });
});

/** What an operator does with a dead event. */
async function retry(boxId: string): Promise<void> {
  await world.rows.query(`update platform.parked_events set state = 'retrying' where stream = $1 and state = 'dead'`, [
    `store.box ${boxId}`,
  ]);
}

/** Keeps what it is given, and may keep back its confirms. */
class Letters extends CommandPublisher {
  readonly ready = true;
  readonly list: Envelope[] = [];
  #gate: { readonly opened: Promise<void>; readonly open: () => void } | undefined;
  held = 0;

  async publish(envelope: Envelope): Promise<void> {
    this.list.push(envelope);
    this.held++;
    await this.#gate?.opened;
    this.held--;
  }

  hold(): void {
    const { promise: opened, resolve: open_ } = Promise.withResolvers<void>();
    this.#gate = { opened, open: open_ };
  }

  release(): void {
    this.#gate?.open();
  }
}

class Unreachable extends CommandPublisher {
  readonly ready = false;

  publish(): Promise<void> {
    return Promise.reject(new NotPublished('unreachable'));
  }
}

/** Its heads may arrive late: what has changed meanwhile they do not know. */
class LateHeads extends ParkedEvents {
  #next: { readonly reading: () => void; readonly released: Promise<void> } | undefined;

  delayNext(): { readonly read: Promise<void>; readonly release: () => void } {
    const read = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    this.#next = { reading: read.resolve, released: release.promise };
    return { read: read.promise, release: release.resolve };
  }

  override async heads(context: string): Promise<ParkedEvent[]> {
    const next = this.#next;
    this.#next = undefined;
    const heads = await super.heads(context);
    next?.reading();
    await next?.released;
    return heads;
  }
}
