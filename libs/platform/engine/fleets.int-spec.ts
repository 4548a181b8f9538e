import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger, type INestMicroservice, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { AsyncMicroserviceOptions } from '@nestjs/microservices';

import { sampleEnvelope } from '#testing/doubles/sample-envelope.js';
import { eventually } from '#testing/eventually.js';
import { sharedServers } from '#testing/servers.js';
import { TestBroker } from '#testing/test-broker.js';
import { TestDatabase } from '#testing/test-database.js';

import { WorkerSettings } from '../config/settings.js';
import { EnvelopeSeal, partitionOf } from '../messaging/envelope.js';
import { BrokerSession } from '../messaging/rabbitmq/session.js';
import { PlatformWorkerModule } from '../platform.worker.module.js';
import { CommandTransport } from './command-transport.js';
import { ContextWorkerModule } from './context-worker-module.js';

@ContextWorkerModule({ name: 'garden', handlers: [], projections: [], ports: [] })
class GardenWorkerModule {}

@ContextWorkerModule({ name: 'kitchen', handlers: [], projections: [], ports: [] })
class KitchenWorkerModule {}

const day = 86_400_000;
let database: TestDatabase;
let broker: TestBroker;
let session: BrokerSession;
let counts: Readonly<Record<string, number>>;
const workers: INestMicroservice[] = [];

beforeAll(() => Logger.overrideLogger(false));
beforeEach(async () => {
  const { databaseUrl, rabbitmqUrl } = sharedServers();
  database = await TestDatabase.create(databaseUrl);
  broker = new TestBroker(rabbitmqUrl);
  session = await BrokerSession.open(rabbitmqUrl, 'test');
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.close()));
  for (const [context, count] of Object.entries(counts))
    for (let n = 0; n < count; n++) await session.deleteQueue(broker.topology.queue(context, count, n));
  await session.close();
  await broker.remove([]);
  await database.drop();
});

function settings(more: Partial<WorkerSettings>): WorkerSettings {
  return Object.assign(new WorkerSettings(), {
    nodeEnv: 'test',
    databaseUrl: database.url,
    rabbitmqUrl: broker.url,
    topologyPrefix: broker.prefix,
    workerHealthPort: 0,
    ...more,
  });
}

/** A worker of this process that serves what its settings say of those contexts. */
async function join(modules: readonly Type[], more: Partial<WorkerSettings>): Promise<void> {
  const app = await NestFactory.createMicroservice<AsyncMicroserviceOptions>(
    PlatformWorkerModule.serve(settings(more), modules),
    {
      logger: false,
      inject: [CommandTransport],
      useFactory: (transport: CommandTransport) => ({ strategy: transport }),
    },
  );
  workers.push(app);
  await app.listen();
}

/** How many partitions of each context the workers hold, with the contexts that they serve before it. */
async function shares(): Promise<string[]> {
  const rows = await database.query<{ share: string }>(`
    select array_to_string(contexts, '+') || ':' || (
        select coalesce(string_agg(context || ' ' || held, ', ' order by context), 'nothing') from (
          select split_part(slot, '.', 2) as context, count(*) as held
          from unnest(slots) as slot where slot like '%.commands.%' group by 1) as of_context) as share
    from platform.workers order by 1`);
  return rows.map(({ share }) => share);
}

const share = (...expected: string[]) =>
  eventually(
    `the shares are ${expected.join('; ')}`,
    async () => {
      const seen = await shares();
      if (seen.join('; ') !== expected.join('; ')) throw new Error(seen.join('; '));
      return true;
    },
    { within: 30_000 },
  );

const consumers = async (context: string): Promise<number[]> => {
  const count = counts[context] as number;
  const queues = Array.from({ length: count }, (_, n) => session.queue(broker.topology.queue(context, count, n)));
  return (await Promise.all(queues)).map((queue) => queue?.consumers ?? 0);
};

describe('A fleet', () => {
  it('of four workers shares sixteen partitions four each', async () => {
    counts = { garden: 16 };
    await Promise.all([1, 2, 3, 4].map(() => join([GardenWorkerModule], { partitions: 16 })));
    await share(...Array.from({ length: 4 }, () => 'garden:garden 4'));
    await eventually('each partition has one consumer', async () =>
      (await consumers('garden')).every((count) => count === 1),
    );
  });

  it('serves the contexts that WORKER_CONTEXTS names, and no others', async () => {
    counts = { garden: 4, kitchen: 4 };
    const both = [GardenWorkerModule, KitchenWorkerModule];
    await join(both, { partitions: 4, workerContexts: 'garden' });
    await share('garden:garden 4');
    await join(both, { partitions: 4, workerContexts: 'kitchen' });
    await share('garden:garden 4', 'kitchen:kitchen 4');
    await join(both, { partitions: 4 });
    await share('garden+kitchen:garden 2, kitchen 2', 'garden:garden 2', 'kitchen:kitchen 2');
    await eventually('each partition has one consumer', async () =>
      [...(await consumers('garden')), ...(await consumers('kitchen'))].every((count) => count === 1),
    );
    await workers.shift()?.close();
    await share('garden+kitchen:garden 4, kitchen 2', 'kitchen:kitchen 2');
  });

  it('does not start for a context that nobody knows', async () => {
    counts = {};
    await expect(join([GardenWorkerModule], { workerContexts: 'garden,cellar' })).rejects.toThrow(
      'WORKER_CONTEXTS: cellar is not among garden',
    );
  });
});

describe('A command that is older than the inbox', () => {
  it('is parked dead, and one that is not is looked at', async () => {
    counts = { garden: 2 };
    await join([GardenWorkerModule], { partitions: 2, inboxDays: 90 });
    await share('garden:garden 2');
    const seal = new EnvelopeSeal(new WorkerSettings().envelopeKeys);
    const [old, young] = [91, 89].map((days) =>
      sampleEnvelope({ context: 'garden', type: 'garden.water.v1', acceptedAt: new Date(Date.now() - days * day) }),
    ) as [ReturnType<typeof sampleEnvelope>, ReturnType<typeof sampleEnvelope>];
    await broker.publish(
      [old, young].map((envelope) => ({
        routingKey: broker.topology.routingKey('garden', 2, partitionOf(envelope.lane, 2)),
        body: envelope.body,
        properties: { ...seal.seal(envelope), headers: { ...seal.seal(envelope).headers } },
      })),
    );
    const rows = await eventually('both are parked', async () => {
      const parked = await database.query<{ id: string; state: string; error: string | null }>(
        'select id, state, error from platform.parked_commands',
      );
      return parked.length === 2 && parked;
    });
    expect(rows.find(({ id }) => id === old.id)).toMatchObject({
      state: 'dead',
      error: expect.stringContaining('too_old_to_recognise'),
    });
    expect(rows.find(({ id }) => id === young.id)).toMatchObject({ state: 'unsupported' });
  });
});
