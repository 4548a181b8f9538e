import { setTimeout as delay } from 'node:timers/promises';

import type { DatabaseSettings, Settings } from '#platform/config/settings.js';
import { Database } from '#platform/database/database.js';
import { EnvelopeSeal } from '#platform/messaging/envelope.js';
import { Partitions } from '#platform/messaging/partitions.js';
import { RabbitCommandPublisher } from '#platform/messaging/rabbitmq/rabbit-command-publisher.js';
import { Topology } from '#platform/messaging/topology.js';

import { LastWords } from './last-words.js';

const name = 'contextflow-cli';

/** A server was not there in time. The message says which, why, and what to check. */
export class Unreachable extends Error {}

/** How long servers are waited for. */
export class Limit {
  readonly signal: AbortSignal;

  constructor(private readonly seconds: number) {
    this.signal = AbortSignal.timeout(seconds * 1000);
  }

  get text(): string {
    return `${this.seconds} s`;
  }

  /** Whether the promise was kept in time. */
  async keeps(promise: Promise<unknown>): Promise<boolean> {
    const over = new Promise<false>((resolve) => {
      if (this.signal.aborted) resolve(false);
      this.signal.addEventListener('abort', () => resolve(false), { once: true });
    });
    return Promise.race([promise.then(() => true), over]);
  }
}

/**
 * Works on the database with one connection.
 * @throws Unreachable
 */
export async function withDatabase<T>(
  settings: DatabaseSettings,
  limit: Limit,
  work: (database: Database) => Promise<T>,
  entities: readonly (abstract new () => object)[] = [],
): Promise<T> {
  const words = LastWords.listen();
  const database = new Database({
    url: settings.databaseUrl,
    applicationName: name,
    poolSize: 1,
    acquireTimeout: 3_000,
    statementTimeout: 15_000,
    entities,
  });
  const connected = database.whenConnected();
  connected.catch(() => undefined);
  try {
    if (!(await limit.keeps(connected)))
      throw new Unreachable(
        `${words.of(Database.name) ?? 'Postgres does not answer.'} It was tried for ${limit.text} at ${place(settings.databaseUrl)}: check DATABASE_URL, and that the server runs.`,
      );
    return await work(database);
  } finally {
    await database.onApplicationShutdown();
  }
}

/**
 * Works with a publisher that is ready, for those contexts. The schema must be there.
 * @throws Unreachable
 */
export async function withPublisher<T>(
  settings: Settings,
  database: Database,
  contexts: readonly string[],
  limit: Limit,
  work: (publisher: RabbitCommandPublisher) => Promise<T>,
): Promise<T> {
  const words = LastWords.listen();
  const partitions = new Partitions(database, contexts, settings.partitions);
  const publisher = new RabbitCommandPublisher(
    settings.rabbitmqUrl,
    name,
    new Topology(settings.topologyPrefix),
    partitions,
    new EnvelopeSeal(settings.envelopeKeys),
    1,
  );
  try {
    if (!(await limit.keeps(partitions.counts())))
      throw new Unreachable(words.of(Partitions.name) ?? `platform.contexts was not read within ${limit.text}.`);
    publisher.open();
    while (!publisher.ready && !limit.signal.aborted) await delay(25);
    if (!publisher.ready)
      throw new Unreachable(
        `${words.of('RabbitConnection') ?? 'RabbitMQ does not answer, or takes no messages at present.'} It was tried for ${limit.text} at ${place(settings.rabbitmqUrl)}: check RABBITMQ_URL, and that the broker runs.`,
      );
    return await work(publisher);
  } finally {
    partitions.onModuleDestroy();
    await publisher.close();
  }
}

/** An address without its password and parameters. A socket's has no host, and is not shown. */
export function place(url: string): string {
  if (!URL.canParse(url)) return 'its address';
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}
