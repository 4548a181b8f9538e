import type { PolicyType } from '#kernel';

import type { WorkerSettings } from './config/settings.js';
import type { Database } from './database/database.js';
import type { DeadMessages } from './engine/dead-messages.js';
import type { Duty } from './engine/engine.js';
import type { Gate } from './engine/gate.js';
import { Checkpoints } from './event-log/checkpoints.js';
import { LogReader } from './event-log/log-reader.js';
import { LogSignal } from './event-log/log-signal.js';
import { SharedLog } from './event-log/shared-log.js';
import { EventSeal } from './messaging/cloud-event.js';
import { EnvelopeSeal } from './messaging/envelope.js';
import { InboxDays } from './messaging/inbox-days.js';
import type { Partitions } from './messaging/partitions.js';
import { RabbitCommandPublisher } from './messaging/rabbitmq/rabbit-command-publisher.js';
import { RabbitEventPublisher } from './messaging/rabbitmq/rabbit-event-publisher.js';
import type { Topology } from './messaging/topology.js';
import { traceCommands } from './messaging/traced-command-publisher.js';
import { traceEvents } from './messaging/traced-event-publisher.js';
import { traceable } from './observability/tracing.js';
import { ParkedEvents } from './policies/parked-events.js';
import { PersistentSender } from './policies/persistent-sender.js';
import { Policies } from './policies/policies.js';
import { PolicyQueue } from './policies/policy-queue.js';
import { PolicyRunner, type Ports } from './policies/policy-runner.js';
import { TracedPolicyRunner } from './policies/traced-policy-runner.js';
import type { Privacy } from './privacy/privacy.js';
import { EventQueues, type Subscription } from './relay/event-queues.js';
import { Relay } from './relay/relay.js';
import { ScheduledCommands } from './scheduling/scheduled-commands.js';
import { Scheduler } from './scheduling/scheduler.js';
import { Announcements } from './system/announcements.js';

export interface EventFlowParts {
  readonly settings: WorkerSettings;
  readonly privacy: Privacy;
  readonly worker: string;
  readonly database: Database;
  readonly topology: Topology;
  /** Of all contexts: a policy may send commands to any. */
  readonly partitions: Partitions;
  /** Of the contexts that this worker serves. */
  readonly contexts: readonly { readonly name: string; readonly policies: readonly PolicyType[] }[];
  readonly dead: DeadMessages;
  readonly ports: Ports;
  /** What is between policies and the commands of their process. */
  readonly gate: Gate;
}

/** How a worker takes part in what follows from events: it relays, reacts, and sends what is scheduled. */
export class EventFlow {
  readonly queues: EventQueues;
  readonly subscriptions: readonly Subscription[];
  readonly duties: readonly Duty[];
  /** Rings when events were appended. */
  readonly signal: LogSignal;
  /** The newest part of the log, for all who follow it here. */
  readonly log: SharedLog;
  readonly #events: RabbitEventPublisher;
  readonly #commands: RabbitCommandPublisher;
  readonly #sender: PersistentSender;
  readonly #announcements: Announcements;
  readonly #partitions: Partitions;

  constructor(parts: EventFlowParts) {
    const { settings, worker, database, topology, partitions, contexts, dead, privacy, ports, gate } = parts;
    const { rabbitmqUrl, envelopeKeys } = settings;
    this.#partitions = partitions;
    const policies = new Policies(contexts);
    const seal = new EventSeal(envelopeKeys);
    const scheduled = new ScheduledCommands(database);
    this.queues = new EventQueues(database);
    this.subscriptions = policies.contexts.map((context) => ({ context, types: policies.types(context) }));
    this.signal = new LogSignal(database);
    this.log = new SharedLog(database, this.signal, privacy);
    this.#events = new RabbitEventPublisher(rabbitmqUrl, `contextflow-worker ${worker} events`, topology);
    this.#commands = new RabbitCommandPublisher(
      rabbitmqUrl,
      `contextflow-worker ${worker} commands`,
      topology,
      partitions,
      new EnvelopeSeal(envelopeKeys),
      2_000,
    );
    const names = contexts.map(({ name }) => name);
    this.#announcements = new Announcements(worker, 'worker', names, this.#events, seal);
    this.#sender = new PersistentSender(traceCommands(this.#commands));
    const Runner = traceable(PolicyRunner, TracedPolicyRunner);
    const runner = new Runner(database, ports, this.#sender, scheduled, privacy, gate);
    const policyParts = {
      database,
      seal,
      policies,
      runner,
      dead,
      queues: this.queues,
      inbox: new InboxDays(settings.inboxDays),
      parked: new ParkedEvents(database, privacy),
    };
    this.duties = [
      {
        name: 'relay',
        make: () =>
          new Relay({
            database,
            seal,
            reader: new LogReader(database, privacy),
            log: this.log,
            checkpoints: new Checkpoints(database),
            signal: this.signal,
            publisher: traceEvents(this.#events),
            queues: this.queues,
          }),
      },
      { name: 'scheduler', make: () => new Scheduler(database, scheduled, this.#sender, partitions) },
      ...policies.contexts.map((context) => {
        const queue = topology.eventQueue(context);
        return {
          name: queue,
          context,
          kind: 'events',
          make: (last: unknown) =>
            new PolicyQueue(context, queue, policyParts, last instanceof PolicyQueue ? last : undefined),
        };
      }),
    ];
  }

  open(): void {
    this.signal.open();
    this.#events.open();
    this.#commands.open();
    this.#announcements.open();
  }

  /** The process is ending: whoever waits for the broker gives up, since another worker will do it. */
  stop(): void {
    this.#sender.close();
    this.#partitions.onModuleDestroy();
  }

  async close(): Promise<void> {
    await this.#announcements.close();
    await Promise.all([this.signal.close(), this.#events.close(), this.#commands.close()]);
  }
}
