import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';

import { ConnectedDatabase } from '#testing/doubles/connected-database.js';
import { sharedServers } from '#testing/servers.js';
import { TestBroker } from '#testing/test-broker.js';

import type { Database } from '../database/database.js';
import { Membership } from '../engine/membership.js';
import { armFailpoints } from '../failpoints/failpoint.js';
import type { EventQueues } from '../relay/event-queues.js';
import { reportKey, type PartitionReport } from './partition-report.js';
import { Partitions } from './partitions.js';
import { bindQueues, declarePartitions, declareQueues } from './rabbitmq/declare.js';
import { declareSubscriptions } from './rabbitmq/event-subscriptions.js';
import { BrokerSession } from './rabbitmq/session.js';
import { checkTopology, type ContextTopology } from './rabbitmq/topology-check.js';
import { Repartition, type RepartitionProgress } from './repartition.js';

let world: ConnectedDatabase;
let database: Database;
let broker: TestBroker;
let session: BrokerSession;
let context: string;
let partitions: Partitions;
let told: RepartitionProgress[];
let change: Repartition;

beforeAll(async () => {
  Logger.overrideLogger(false);
  world = await ConnectedDatabase.create();
  database = await world.connect();
});
beforeEach(async () => {
  broker = new TestBroker(sharedServers().rabbitmqUrl);
  session = await BrokerSession.open(broker.url, 'test');
  context = `c${randomUUID().slice(0, 8)}`;
  partitions = new Partitions(database, [context], 2);
  await partitions.counts();
  await declarePartitions(session.model, broker.topology, partitions);
  told = [];
  change = new Repartition(database, session, broker.topology, (progress) => told.push(progress));
  await world.rows.query('delete from platform.workers');
});
afterAll(() => world.remove());

const soon = (): AbortSignal => AbortSignal.timeout(300);
const late = (): AbortSignal => AbortSignal.timeout(15_000);
const queue = (count: number, n: number): string => broker.topology.queue(context, count, n);
const row = () =>
  world.rows.one<{ partitions: number; changing_to: number | null; partitions_before: number | null }>(
    'select partitions, changing_to, partitions_before from platform.contexts where name = $1',
    [context],
  );

/** A worker says that of all partitions, until the test ends. */
async function worker(report: Partial<PartitionReport>, count = 2): Promise<void> {
  const member = new Membership(database, randomUUID(), '1', [context]);
  const all = Array.from({ length: count }, (_, n) => [reportKey(context, count, n), { done: 0, ...report }]);
  await member.beat([], 0, Object.fromEntries(all) as Record<string, PartitionReport>);
  // As if it had said so a long while from now: beats are not repeated here.
  await world.rows.query(`update platform.workers set seen_at = now() + interval '1 minute' where id = $1`, [
    member.id,
  ]);
}

const routable = async (count: number): Promise<boolean> => {
  const channel = await session.model.createConfirmChannel();
  let returned = false;
  channel.on('return', () => (returned = true));
  channel.publish(broker.topology.commands, broker.topology.routingKey(context, count, 0), Buffer.from('{}'), {
    mandatory: true,
  });
  await channel.waitForConfirms();
  await channel.close();
  return !returned;
};

async function cleaned(...counts: number[]): Promise<void> {
  for (const count of counts) for (let n = 0; n < count; n++) await session.deleteQueue(queue(count, n));
  partitions.onModuleDestroy();
  await broker.remove([]);
  await session.close();
}

describe('Changing the number of partitions', () => {
  it('unbinds, waits, stores, binds, and removes what was there before', async () => {
    await worker({ empty: 0 });
    expect(await change.run(context, 3, late())).toBe(true);
    expect([...new Set(told.map(({ step }) => step))]).toEqual(['unbind', 'drain', 'store', 'bind', 'remove']);
    expect(await row()).toEqual({ partitions: 3, changing_to: null, partitions_before: null });
    expect([await session.queue(queue(2, 0)), await session.queue(queue(3, 2))]).toEqual([
      undefined,
      { ready: 0, consumers: 0 },
    ]);
    expect([await routable(2), await routable(3)]).toEqual([false, true]);
    expect(await change.run(context, 3, late())).toBe(false);
    await cleaned(2, 3);
  });

  it('does not go on while a worker has something in hand, or none can say', async () => {
    await expect(change.run(context, 3, soon())).rejects.toThrow('2 of 2 partitions are not worked off yet');
    await worker({ empty: 0 });
    await worker({ oldest: new Date() });
    await expect(change.run(context, 3, soon())).rejects.toThrow('not worked off yet');
    expect(await row()).toEqual({ partitions: 2, changing_to: 3, partitions_before: null });
    expect([await routable(2), await routable(3)]).toEqual([false, false]);
    await cleaned(2, 3);
  });

  it('does not go on while commands wait in the queue, whatever a worker says', async () => {
    await routable(2);
    await worker({ empty: 0 });
    await expect(change.run(context, 3, soon())).rejects.toThrow('with 1 commands waiting');
    await cleaned(2, 3);
  });

  it('does not believe what a worker saw before the old keys were unbound', async () => {
    await worker({ empty: 120_000 });
    await expect(change.run(context, 3, soon())).rejects.toThrow('not worked off yet');
    await cleaned(2, 3);
  });

  it.each(['begun', 'unbound', 'drained', 'stored', 'bound'])(
    'goes on where it was when it ended: %s',
    async (step) => {
      await worker({ empty: 0 });
      armFailpoints(`repartition.${step}=throw`);
      await expect(change.run(context, 3, late())).rejects.toThrow('failpoint');
      armFailpoints('');
      expect(await change.run(context, 3, late())).toBe(true);
      expect(await row()).toEqual({ partitions: 3, changing_to: null, partitions_before: null });
      expect([await session.queue(queue(2, 1)), await routable(2), await routable(3)]).toEqual([
        undefined,
        false,
        true,
      ]);
      await cleaned(2, 3);
    },
  );

  it('is one at a time', async () => {
    await expect(change.run(context, 3, soon())).rejects.toThrow('not worked off yet');
    await expect(change.run(context, 4, soon())).rejects.toThrow(
      'finish that first with --partitions 3, or take it back with --cancel',
    );
    await expect(change.run('nowhere', 4, soon())).rejects.toThrow('there is no context "nowhere"');
    await cleaned(2, 3);
  });

  it('can be taken back until it is stored', async () => {
    await expect(change.run(context, 3, soon())).rejects.toThrow('not worked off yet');
    expect(await change.cancel(context)).toBe(true);
    expect(await row()).toEqual({ partitions: 2, changing_to: null, partitions_before: null });
    expect(await routable(2)).toBe(true);
    expect(await change.cancel(context)).toBe(false);
    await cleaned(2, 3);
  });

  it('leaves the old keys unbound, whoever connects meanwhile', async () => {
    await expect(change.run(context, 3, soon())).rejects.toThrow('not worked off yet');
    await declarePartitions(session.model, broker.topology, partitions);
    expect(await routable(2)).toBe(false);
    await cleaned(2, 3);
  });
});

describe('The topology', () => {
  const seen = async (more: Partial<ContextTopology> = {}, eventQueuesOf: string[] = []): Promise<string[]> => {
    const expected = { name: context, partitions: 2, changingTo: undefined, partitionsBefore: undefined, ...more };
    const findings = await checkTopology(session, broker.topology, [expected], eventQueuesOf);
    return findings
      .filter(({ level }) => level !== 'ok')
      .map(
        ({ level, what, message, advice }) => `${level} ${what.replace(`${broker.prefix}.`, '')}: ${message} ${advice}`,
      );
  };
  const faults = async (more?: Partial<ContextTopology>): Promise<string[]> =>
    (await seen(more)).filter((finding) => finding.startsWith('fault'));

  it('is well as it was declared', async () => {
    expect(await faults()).toEqual([]);
    await cleaned(2);
  });

  it('lacks a queue that somebody deleted', async () => {
    await session.deleteQueue(queue(2, 1));
    expect(await faults()).toEqual([expect.stringContaining(`${context}.commands.2.1: there is no such queue`)]);
    expect(await session.queue(queue(2, 1))).toBeUndefined();
    await cleaned(2);
  });

  it('lacks an event queue, or has one with other arguments, and says that the relay fills it', async () => {
    const name = broker.topology.eventQueue(context);
    const said = async (): Promise<string[]> =>
      (await seen({}, [context])).filter((finding) => finding.includes(`${context}.events`));
    expect(await said()).toEqual([
      expect.stringMatching(`^warning ${context}.events: there is no such queue.* the relay fills it again`),
    ]);
    const channel = await session.model.createChannel();
    await channel.assertQueue(name, { durable: true });
    await channel.close();
    expect(await said()).toEqual([
      expect.stringMatching(`^fault ${context}.events: was declared with other arguments.* the relay fills it again`),
    ]);
    const handled = { existed: async () => new Set([context]), replays: async () => [] } as unknown as EventQueues;
    await expect(
      declareSubscriptions(session.model, broker.topology, [{ context, types: [] }], handled),
    ).rejects.toThrow(/events" exists with other arguments .* Delete it: a worker declares it anew/);
    await session.deleteQueue(name);
    await cleaned(2);
  });

  it('has a queue with other arguments', async () => {
    await session.deleteQueue(queue(2, 0));
    const channel = await session.model.createChannel();
    await channel.assertQueue(queue(2, 0), { durable: true });
    await channel.close();
    expect(await faults()).toEqual([
      expect.stringMatching(
        /commands\.2\.0: was declared with other arguments.*Stop the APIs, let the workers empty it/,
      ),
    ]);
    await cleaned(2);
  });

  it('has commands in queues of another number, which nobody consumes', async () => {
    await declareQueues(session.model, broker.topology, context, 5);
    expect(await seen()).toContainEqual(expect.stringContaining('queues of 5 partitions are left over, and empty'));
    await bindQueues(session.model, broker.topology, context, 5);
    expect(await routable(5)).toBe(true);
    expect(await faults()).toEqual([expect.stringContaining('1 commands are in queues of 5 partitions')]);
    await cleaned(2, 5);
  });

  it('is in the middle of a change', async () => {
    expect(await faults({ changingTo: 4 })).toEqual([expect.stringContaining('from 2 to 4 partitions')]);
    expect(await faults({ partitionsBefore: 4 })).toEqual([expect.stringContaining('4 former partitions')]);
    await cleaned(2);
  });

  it('has work that nobody does', async () => {
    await routable(2);
    expect(await seen()).toContainEqual(expect.stringContaining('1 messages wait, and nobody consumes them'));
    await cleaned(2);
  });
});
