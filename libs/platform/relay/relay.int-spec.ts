import { randomUUID } from 'node:crypto';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { connect, type ChannelModel } from 'amqplib';
import pg from 'pg';

import { ConnectedDatabase } from '#testing/doubles/connected-database.js';
import { eventually } from '#testing/eventually.js';
import { Random, runSeed } from '#testing/random.js';
import { sharedServers } from '#testing/servers.js';
import { TestBroker, type RawMessage } from '#testing/test-broker.js';
import { firstTold } from '#testing/told-events.js';

import type { Database } from '../database/database.js';
import { Checkpoints } from '../event-log/checkpoints.js';
import { cursorOf, type LogCursor } from '../event-log/cursor.js';
import { beginEra } from '../event-log/era.js';
import { LogReader } from '../event-log/log-reader.js';
import { LogSignal } from '../event-log/log-signal.js';
import { EventSeal, type CloudEvent, type EventMessage } from '../messaging/cloud-event.js';
import { NotPublished } from '../messaging/command-publisher.js';
import { EventPublisher } from '../messaging/event-publisher.js';
import { declareSubscriptions } from '../messaging/rabbitmq/event-subscriptions.js';
import { RabbitEventPublisher } from '../messaging/rabbitmq/rabbit-event-publisher.js';
import { EventQueues } from './event-queues.js';
import { Relay } from './relay.js';

const seal = new EventSeal(`one:${'s'.repeat(32)}`);
const context = 'store';
const subscription = { context, types: ['box.filled.v1', 'box.sent.v1'] };

let world: ConnectedDatabase;
let database: Database;
let broker: TestBroker;
let publisher: RabbitEventPublisher;
let heard: RawMessage[];
let relays: { readonly relay: Relay; readonly signal: LogSignal }[] = [];

beforeAll(() => Logger.overrideLogger(false));
beforeEach(async () => {
  world = await ConnectedDatabase.create();
  database = await world.connect();
  broker = new TestBroker(sharedServers().rabbitmqUrl);
  publisher = new RabbitEventPublisher(broker.url, 'test', broker.topology);
  heard = [];
  const mine = heard;
  await broker.overhearEvents((message) => mine.push(message));
});
afterEach(async () => {
  await endRelays();
  await publisher.close();
  await broker.remove([context]);
  await world.remove();
});
afterAll(() => Logger.overrideLogger(new Logger()));

/** A relay as a worker of its own would have it. */
async function startRelay(through: EventPublisher = publisher): Promise<Relay> {
  publisher.open();
  const own = await world.connect();
  const signal = new LogSignal(own);
  const relay = new Relay({
    database: own,
    seal,
    reader: new LogReader(own),
    checkpoints: new Checkpoints(own),
    queues: new EventQueues(own),
    publisher: through,
    signal,
  });
  signal.open();
  await relay.open();
  relays.push({ relay, signal });
  return relay;
}

async function endRelays(): Promise<void> {
  const ending = relays;
  relays = [];
  for (const { relay, signal } of ending) {
    await relay.close();
    await signal.close();
  }
}

const append = (stream: string, version: number, type = 'box.filled.v1', metadata: object = {}): Promise<unknown> =>
  world.rows.query(
    `insert into platform.events (stream_type, stream_id, version, type, data, metadata, occurred_at)
     values ('store.box', $1, $2, $3, $4, $5, '2026-03-01T10:00:00Z')`,
    [stream, version, type, { version }, { command_id: 'c', correlation_id: 'k', actor: 'ann', ...metadata }],
  );

/** Events of many streams, one stream after the other: they are published side by side, and so in another order. */
const appendMany = (streams: number, versions: number, from = 1): Promise<unknown> =>
  world.rows.query(
    `insert into platform.events (stream_type, stream_id, version, type, data, metadata, occurred_at)
     select 'store.box', lpad(to_hex(s), 32, '0')::uuid, v, 'box.filled.v1', '{}',
       '{"command_id": "c", "correlation_id": "k", "actor": "ann"}', now()
     from generate_series($2::int, $2::int + $3::int - 1) v, generate_series(1, $1::int) s order by s, v`,
    [streams, from, versions],
  );

const countBeyond = async ({ era, xid, position }: LogCursor): Promise<number> =>
  (
    await world.rows.one<{ n: number }>(
      'select count(*)::int as n from platform.events where (era, xid, position) > ($1, $2::xid8, $3)',
      [era, xid, position],
    )
  ).n;
const place = ({ properties }: RawMessage): LogCursor =>
  cursorOf(String((properties.headers as Record<string, unknown>)['log-cursor'])) as LogCursor;
const event = ({ body }: RawMessage): CloudEvent => JSON.parse(body.toString('utf8')) as CloudEvent;
const told = (messages: readonly RawMessage[] = heard): string[] =>
  messages.map(event).map(({ subject, sequence }) => `${subject} ${sequence}`);
/** The versions of each stream, in the order in which they came first. */
const firstDeliveries = (messages: readonly RawMessage[] = heard): ReadonlyMap<string, readonly number[]> => {
  const streams = Map.groupBy(firstTold(messages.map(event)), ({ subject }) => subject);
  return new Map([...streams].map(([stream, events]) => [stream, events.map(({ sequence }) => Number(sequence))]));
};
const oneTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n + 1);

/** The relay has nothing left to do, and all that it published has come. */
async function caughtUp(events: number): Promise<void> {
  await eventually(
    'the relay is at the end of the log',
    async () => {
      const [open] = await world.rows.query<{ open: number }>(
        `select count(*)::int as open from platform.events e
         left join platform.checkpoints c on c.name = 'relay'
         where c.name is null or (e.era, e.xid, e.position) > (c.era, c.xid, c.position)`,
      );
      const ids = new Set(heard.map(({ properties }) => properties.messageId));
      if (open?.open !== 0 || ids.size < events) throw new Error(`${open?.open} to relay, ${ids.size} came`);
      return true;
    },
    { every: 20, within: 15_000 },
  );
}

describe('The relay', () => {
  it('tells the public events of the log as CloudEvents, those of a stream in order, and no private one', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    await append(one, 1, 'box.packed.v1');
    await append(one, 2, 'box.weighed.v1', { private: true });
    await append(other, 1, 'box.packed.v1');
    await startRelay();
    await caughtUp(2);
    await append(one, 3, 'box.sent.v1', { trace_parent: '00-a-b-01' });
    await caughtUp(3);
    expect(told().filter((line) => line.startsWith(one))).toEqual([`${one} 1`, `${one} 3`]);
    expect(told().filter((line) => line.startsWith(other))).toEqual([`${other} 1`]);
    const last = heard.at(-1) as RawMessage;
    expect(last.routingKey).toBe('box.sent.v1');
    expect(last.properties).toMatchObject({
      contentType: 'application/cloudevents+json',
      messageId: event(last).id,
      type: 'box.sent.v1',
      correlationId: 'k',
    });
    expect(event(last)).toMatchObject({
      specversion: '1.0',
      source: '/contextflow/store',
      type: 'box.sent.v1',
      subject: one,
      sequence: '3',
      time: '2026-03-01T10:00:00.000Z',
      traceparent: '00-a-b-01',
      data: { version: 3 },
    });
    const headers = last.properties.headers as Record<string, string>;
    expect(seal.open(headers, last.body)).toEqual({ event: event(last), cursor: place(last) });
  });

  it('goes on where the one before ended', async () => {
    await appendMany(5, 2);
    await startRelay();
    await caughtUp(10);
    await endRelays();
    await appendMany(5, 1, 3);
    await startRelay();
    await caughtUp(15);
    expect(heard).toHaveLength(15);
  });

  it('waits for the broker, and tells then what happened meanwhile', async () => {
    const late = new RabbitEventPublisher(broker.url, 'test', broker.topology);
    const patient = new MoodyPublisher(late, new Random(runSeed()));
    await appendMany(3, 4);
    await startRelay(patient);
    await eventually('it has tried', () => patient.tried > 0, { every: 5 });
    expect(heard).toEqual([]);
    late.open();
    await caughtUp(12);
    await endRelays();
    await late.close();
    for (const versions of firstDeliveries().values()) expect(versions).toEqual(oneTo(4));
  });

  it('begins again at the event that the broker refused, and no later one of its stream overtakes it', async () => {
    const seed = runSeed();
    const moody = new MoodyPublisher(publisher, new Random(seed));
    await appendMany(20, 15);
    await startRelay(moody);
    await caughtUp(300).catch((error: Error) => {
      throw new Error(`${error.message} (seed ${seed})`);
    });
    expect(moody.refused).toBeGreaterThan(10);
    for (const versions of firstDeliveries().values()) expect(versions).toEqual(oneTo(15));
  });

  it('stalls behind a transaction that still writes, skips nothing, and goes on', async () => {
    const slow = new pg.Client({ connectionString: world.rows.url });
    await slow.connect();
    const relay = await startRelay();
    await appendMany(3, 1);
    await caughtUp(3);
    await slow.query('begin');
    await slow.query('select pg_current_xact_id()');
    await appendMany(3, 5, 2);
    await eventually('the relay says that events wait', () => relay.lag > 0, { every: 20 });
    expect(heard).toHaveLength(3);
    await slow.query('rollback');
    await slow.end();
    await caughtUp(18);
    expect(heard).toHaveLength(18);
    for (const versions of firstDeliveries().values()) expect(versions).toEqual(oneTo(6));
    await eventually('nothing waits', () => relay.lag === 0, { every: 20 });
  });

  it('tells nothing in a cluster that the log was restored into, until a new era has begun', async () => {
    await world.rows.query('update platform.log set system_identifier = system_identifier - 1');
    await appendMany(3, 2);
    await startRelay();
    await eventually('the publisher is ready', () => publisher.ready);
    expect(heard).toEqual([]);
    await beginEra(database);
    await appendMany(3, 1, 3);
    await caughtUp(9);
    expect(heard).toHaveLength(9);
    for (const versions of firstDeliveries().values()) expect(versions).toEqual(oneTo(3));
  });
});

describe('Two relays at once', () => {
  it('tell every event, each stream in order, and end at the end of the log', async () => {
    await appendMany(40, 10);
    await Promise.all([startRelay(), startRelay()]);
    for (let version = 11; version <= 25; version++) await appendMany(40, 1, version);
    await caughtUp(1_000);
    expect(firstDeliveries().size).toBe(40);
    for (const versions of firstDeliveries().values()) expect(versions).toEqual(oneTo(25));
  });
});

describe('The event queue of a context', () => {
  let model: ChannelModel;
  let queues: EventQueues;
  beforeEach(async () => {
    model = await connect(broker.url);
    queues = new EventQueues(database);
  });
  afterEach(() => model.close());

  const declare = (): Promise<void> => declareSubscriptions(model, broker.topology, [subscription], queues);
  /** What the queue holds, which is as much as that. */
  async function taken(count: number): Promise<RawMessage[]> {
    const messages = await broker.take(broker.topology.eventQueue(context), count);
    expect(await broker.waiting(broker.topology.eventQueue(context))).toBe(0);
    return messages;
  }
  const bound = (): Promise<unknown> =>
    eventually('no queue is to be filled again', async () => (await queues.replays()).length === 0, { every: 10 });

  it('gets, from when it is there, the types that its policies name', async () => {
    const stream = randomUUID();
    await append(stream, 1);
    await startRelay();
    await caughtUp(1);
    await declare();
    await append(stream, 2, 'box.weighed.v1');
    await append(stream, 3);
    await append(stream, 4, 'box.sent.v1');
    await caughtUp(4);
    expect(told(await taken(2))).toEqual([`${stream} 3`, `${stream} 4`]);
  });

  it('that was deleted is filled again from what was handled, in order, before anything newer', async () => {
    await startRelay();
    await declare();
    await appendMany(10, 4);
    await caughtUp(40);
    const before = await taken(40);
    const handled = place(before[14] as RawMessage);
    await queues.handled(context, handled);
    await broker.deleteQueue(broker.topology.eventQueue(context));
    await appendMany(10, 3, 5);
    await caughtUp(70);

    const appending = (async () => {
      for (let version = 8; version <= 20; version++) await appendMany(10, 1, version);
    })();
    await declare();
    await appending;
    await bound();
    await caughtUp(200);
    const after = await taken(await countBeyond(handled));
    const streams = firstDeliveries([...before.slice(0, 15), ...after]);
    expect([...streams.values()]).toEqual(Array.from({ length: 10 }, () => oneTo(20)));
  });

  it('that is there is not filled again', async () => {
    await startRelay();
    await declare();
    await appendMany(2, 2);
    await caughtUp(4);
    await declare();
    await appendMany(2, 1, 3);
    await caughtUp(6);
    expect(told(await taken(6))).toEqual(told());
  });

  it('never stands before what it has handled', async () => {
    const at = (position: string): LogCursor => ({ era: 1, xid: '9', position });
    await queues.handled(context, at('10'));
    await queues.handled(context, at('9'));
    expect(await new Checkpoints(database).read(`${context}.events`)).toEqual(at('10'));
  });
});

/** Now and then it is refused, or does not know whether the event arrived. */
class MoodyPublisher extends EventPublisher {
  tried = 0;
  refused = 0;

  constructor(
    private readonly real: EventPublisher,
    private readonly random: Random,
  ) {
    super();
  }

  get ready(): boolean {
    return this.real.ready;
  }

  async publish(message: EventMessage): Promise<void> {
    this.tried++;
    const mood = this.random.below(20);
    if (mood === 0) await this.real.publish(message);
    if (mood <= 1) {
      this.refused++;
      throw new NotPublished(mood === 0 ? 'unknown' : 'refused');
    }
    await this.real.publish(message);
  }

  publishTo(name: string, message: EventMessage): Promise<void> {
    return this.real.publishTo(name, message);
  }

  bind(name: string, types: readonly string[]): Promise<void> {
    return this.real.bind(name, types);
  }
}
