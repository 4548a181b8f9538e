import type { Outcomes } from '../commands/outcomes.js';
import type { Database } from '../database/database.js';
import type { QueueDepth, QueueDepths } from '../messaging/queue-depths.js';
import type { PublisherLoad } from '../messaging/rabbitmq/publisher.js';
import type { Metrics, Samples } from './metrics.js';
import { Reading } from './reading.js';
import { serverGauges, type BrokerConnection } from './server-gauges.js';
import { StoreReadings } from './store-readings.js';

export interface ApiSources {
  readonly database: Database;
  readonly publisher: BrokerConnection & { readonly load: PublisherLoad };
  readonly queues: QueueDepths;
  readonly outcomes: Pick<Outcomes, 'waiting'>;
  /** Names of the contexts that the API serves. */
  readonly contexts: readonly string[];
}

const parkedStates = ['retrying', 'blocked', 'unsupported', 'dead'];
const deadReasons = ['malformed', 'signature_invalid', 'misrouted'];

/** What the API reads at a scrape: of itself, and of the installation, so that it shows when no worker lives. */
export class ApiGauges {
  readonly #metrics: Metrics;

  constructor(metrics: Metrics, sources: ApiSources) {
    this.#metrics = metrics;
    serverGauges(metrics, sources.database, { commands: sources.publisher });
    this.#publishing(sources);
    this.#queues(new Reading(() => sources.queues.read()));
    const store = new StoreReadings(sources.database);
    this.#store(store, sources.contexts);
    this.#events(store, sources.contexts);
  }

  #publishing({ publisher, outcomes }: ApiSources): void {
    this.#gauge('contextflow_publisher_unconfirmed', 'Messages that the broker has not confirmed yet.', () => [
      { value: publisher.load.unconfirmed },
    ]);
    this.#gauge('contextflow_publisher_waiting', 'Commands that wait for room among the unconfirmed.', () => [
      { value: publisher.load.waiting },
    ]);
    this.#gauge('contextflow_publisher_window', 'How many messages may be unconfirmed (PUBLISH_WINDOW).', () => [
      { value: publisher.load.window },
    ]);
    this.#gauge('contextflow_requests_waiting', 'Outcomes of commands that requests wait for.', () => [
      { value: outcomes.waiting },
    ]);
  }

  #queues(depths: Reading<readonly QueueDepth[]>): void {
    const of = async (count: (depth: QueueDepth) => number): Promise<Samples | undefined> =>
      (await depths.latest())?.map((depth) => ({
        labels: { context: depth.context, partition: String(depth.partition) },
        value: count(depth),
      }));
    const labels = ['context', 'partition'];
    this.#gauge(
      'contextflow_partition_messages_ready',
      'Commands that wait in the partition’s queue and have not been delivered to a worker.',
      () => of(({ ready }) => ready),
      labels,
    );
    this.#gauge(
      'contextflow_partition_consumers',
      'Workers that consume the partition’s queue.',
      () => of(({ consumers }) => consumers),
      labels,
    );
  }

  #store(store: StoreReadings, contexts: readonly string[]): void {
    this.#gauge('contextflow_log_position', 'Position of the last event in the log.', async () => {
      const log = await store.log.latest();
      return log && [{ value: log.position }];
    });
    this.#gauge(
      'contextflow_workers',
      'Workers that have been heard of within 4 seconds, by the contexts that they serve.',
      async () => {
        const log = await store.log.latest();
        return log && contexts.map((context) => ({ labels: { context }, value: log.workers.get(context) ?? 0 }));
      },
      ['context'],
    );
    this.#gauge(
      'contextflow_parked_commands',
      'Commands that are parked, by state; a dead one waits for an operator.',
      async () => {
        const aside = await store.aside.latest();
        const known = new Map(aside?.parked.map(({ context, state, commands }) => [`${context} ${state}`, commands]));
        const all = contexts.flatMap((context) => parkedStates.map((state) => ({ context, state })));
        return aside && all.map((labels) => ({ labels, value: known.get(`${labels.context} ${labels.state}`) ?? 0 }));
      },
      ['context', 'state'],
    );
    this.#gauge(
      'contextflow_parked_commands_oldest_age_seconds',
      'Time since the acceptance of the oldest parked command; absent where there is none.',
      async () =>
        (await store.aside.latest())?.parked
          .filter(({ context }) => contexts.includes(context))
          .map(({ context, state, age }) => ({ labels: { context, state }, value: age })),
      ['context', 'state'],
    );
    this.#gauge(
      'contextflow_dead_messages',
      'Messages without a sender that is known, kept in platform.dead_messages.',
      async () => {
        const aside = await store.aside.latest();
        return aside && deadReasons.map((reason) => ({ labels: { reason }, value: aside.dead.get(reason) ?? 0 }));
      },
      ['reason'],
    );
  }

  #events(store: StoreReadings, contexts: readonly string[]): void {
    this.#gauge(
      'contextflow_relay_oldest_age_seconds',
      'Time since the oldest event that the relay has not passed was recorded; 0 when there is none.',
      async () => {
        const flow = await store.flow.latest();
        return flow && [{ value: flow.unrelayed }];
      },
    );
    this.#gauge(
      'contextflow_parked_events',
      'Events that a policy could not handle, or that wait behind one, by state; absent where there is none.',
      async () =>
        (await store.aside.latest())?.parkedEvents.map(({ policy, state, events }) => ({
          labels: { policy, state },
          value: events,
        })),
      ['policy', 'state'],
    );
    this.#gauge(
      'contextflow_scheduled_commands',
      'Commands that wait for their time.',
      async () => {
        const aside = await store.aside.latest();
        return aside && contexts.map((context) => ({ labels: { context }, value: aside.scheduled.get(context) ?? 0 }));
      },
      ['context'],
    );
    this.#gauge(
      'contextflow_scheduled_commands_overdue_seconds',
      'Time since the oldest scheduled command that has not been sent was due; 0 when there is none.',
      async () => {
        const flow = await store.flow.latest();
        return flow && [{ value: flow.overdue }];
      },
    );
  }

  #gauge(
    name: string,
    help: string,
    read: () => Samples | undefined | Promise<Samples | undefined>,
    labels: readonly string[] = [],
  ): void {
    this.#metrics.gauge({ name, help, labels }, read);
  }
}
