import { conversionList } from '#contexts/attribution/read-models/conversion-list.projection.js';
import { creditList } from '#contexts/attribution/read-models/credit-list.projection.js';
import { settingsModel } from '#contexts/attribution/read-models/settings.projection.js';
import { touchpointList } from '#contexts/attribution/read-models/touchpoint-list.projection.js';
import { accountEndings } from '#contexts/auth/read-models/account-ending.projection.js';
import { accounts } from '#contexts/auth/read-models/account.projection.js';
import { credentials } from '#contexts/auth/read-models/credentials.projection.js';
import { roleGrants } from '#contexts/auth/read-models/role-grants.projection.js';
import { serviceClients } from '#contexts/auth/read-models/service-client.projection.js';
import { birthingPeople } from '#contexts/labour/read-models/birthing-person.projection.js';
import { notificationList } from '#contexts/notifications/read-models/notification.projection.js';
import { recipients } from '#contexts/notifications/read-models/recipient.projection.js';
import { templates } from '#contexts/notifications/read-models/template.projection.js';
import { followedLabours } from '#contexts/subscriptions/read-models/followed-labour.projection.js';
import { shareSettings } from '#contexts/subscriptions/read-models/share-settings.projection.js';
import { subscribers } from '#contexts/subscriptions/read-models/subscriber.projection.js';
import { subscriptions } from '#contexts/subscriptions/read-models/subscription.projection.js';
import { categoryList } from '#contexts/tasks/read-models/category-list.projection.js';
import { countedTasks } from '#contexts/tasks/read-models/counted-tasks.projection.js';
import { taskList } from '#contexts/tasks/read-models/task-list.projection.js';
import { trackingEvents } from '#contexts/tracking/read-models/tracking-event.projection.js';
import { profiles } from '#contexts/users/read-models/profile.projection.js';
import { newId } from '#kernel';
import { activity } from '#platform/activity/activity.projection.js';

import { AppProcess, mostShutdown, type Environment } from './app-process.js';
import { checkInvariants } from './check-invariants.js';
import { Client } from './client.js';
import { eventually } from './eventually.js';
import { HttpClient } from './http-client.js';
import type { Evidence, Expected } from './invariants/evidence.js';
import { emptyQueues } from './invariants/nothing-left.js';
import { Ledger, type Intent } from './ledger.js';
import { runSeed } from './random.js';
import { sharedServers, type Servers } from './servers.js';
import { TaskLoad, type TaskLoadOptions } from './task-load.js';
import { TestBroker } from './test-broker.js';
import { TestDatabase } from './test-database.js';
import type { ToldEvent } from './told-events.js';
import { Wire } from './wire.js';

const contexts: readonly string[] = [
  'auth',
  'users',
  'tasks',
  'notifications',
  'tracking',
  'attribution',
  'labour',
  'subscriptions',
];
const projections: Evidence['projections'] = [
  accounts,
  accountEndings,
  credentials,
  roleGrants,
  serviceClients,
  profiles,
  taskList,
  categoryList,
  notificationList,
  recipients,
  templates,
  birthingPeople,
  subscribers,
  shareSettings,
  subscriptions,
  followedLabours,
  countedTasks,
  trackingEvents,
  settingsModel,
  conversionList,
  touchpointList,
  creditList,
  activity,
];
/** All tests come from one address. Whoever tests a limit sets it in the environment of their API. */
const unlimited: Environment = { RATE_LIMIT_ANONYMOUS: '0', RATE_LIMIT_USER: '0', RATE_LIMIT_TRACKING: '0' };
/** A command that was accepted, and what it is about. */
export interface Sent {
  readonly commandId: string;
  readonly resourceId: string;
}

/** Of contexts that most tests have little use for: every queue takes its time. */
const fewPartitions: Readonly<Record<string, number>> = {
  auth: 2,
  users: 2,
  notifications: 2,
  labour: 2,
  subscriptions: 2,
  tracking: 2,
  attribution: 2,
};

export { mostShutdown };

/**
 * One test's installation: a database and a corner of the broker of its own, and API and worker processes on them.
 * Ends with `close()`, in any case.
 */
export class Lab {
  readonly ledger = new Ledger();
  readonly seed = runSeed();
  readonly processes: AppProcess[] = [];
  readonly #connections: HttpClient[] = [];
  readonly #wires: Wire[] = [];
  readonly #told: ToldEvent[] = [];
  #loads = 0;
  #closing = false;

  #database: TestDatabase;

  private constructor(
    database: TestDatabase,
    readonly broker: TestBroker,
  ) {
    this.#database = database;
  }

  /** Default: on the servers of the whole run. */
  static async open(servers: Servers = sharedServers()): Promise<Lab> {
    const lab = new Lab(
      await TestDatabase.create(servers.databaseUrl),
      new TestBroker(servers.rabbitmqUrl, fewPartitions),
    );
    await lab.database.query(
      'insert into platform.contexts (name, partitions) select key, value::int from jsonb_each_text($1::jsonb)',
      [JSON.stringify(fewPartitions)],
    );
    await lab.broker.subscribe();
    return lab;
  }

  /** A lab with processes that are ready. */
  static async with(counts: { apis?: number; workers?: number; servers?: Servers }): Promise<Lab> {
    const lab = await Lab.open(counts.servers);
    try {
      const { apis = 1, workers = 1 } = counts;
      await Promise.all([
        ...Array.from({ length: apis }, () => lab.api()),
        ...Array.from({ length: workers }, () => lab.worker()),
      ]);
      return lab;
    } catch (error) {
      await lab.close();
      throw error;
    }
  }

  get database(): TestDatabase {
    return this.#database;
  }

  /** Restores a dump of the database into another cluster, where it lives from now on. No process may run. */
  async moveDatabase(server: string): Promise<void> {
    const before = this.#database;
    this.#database = await before.restoredInto(server);
    await before.drop();
  }

  get apis(): readonly AppProcess[] {
    return this.processes.filter(({ app, running }) => app === 'api' && running);
  }

  get workers(): readonly AppProcess[] {
    return this.processes.filter(({ app, running }) => app === 'worker' && running);
  }

  async api(environment: Environment = {}, port?: number): Promise<AppProcess> {
    return (await this.spawn('api', environment, port)).ready();
  }

  async worker(environment: Environment = {}): Promise<AppProcess> {
    return (await this.spawn('worker', environment)).ready();
  }

  /** Starts a process without waiting for it. */
  async spawn(app: 'api' | 'worker', environment: Environment = {}, port?: number): Promise<AppProcess> {
    const process = await AppProcess.spawn(
      app,
      {
        DATABASE_URL: this.database.url,
        RABBITMQ_URL: this.broker.url,
        TOPOLOGY_PREFIX: this.broker.prefix,
        ...unlimited,
        ...environment,
      },
      port,
    );
    this.processes.push(process);
    return process;
  }

  /** Starts another worker of that kind whenever one has died, until the lab closes or `stop()` is called. */
  supervise(workers: readonly AppProcess[], environment: Environment): { stop(): void; readonly deaths: number } {
    let deaths = 0;
    let stopped = false;
    const watch = async (worker: AppProcess): Promise<void> => {
      const { signal } = await worker.exited;
      if (signal === 'SIGKILL') deaths++;
      if (!stopped && !this.#closing) void watch(await this.spawn('worker', environment));
    };
    for (const worker of workers) void watch(worker);
    return {
      stop: () => (stopped = true),
      get deaths() {
        return deaths;
      },
    };
  }

  client(userId: string, options: { roles?: readonly string[]; api?: AppProcess } = {}): Client {
    const api = options.api ?? this.apis[0];
    if (!api) throw new Error('no API runs');
    const http = new HttpClient(api.port);
    this.#connections.push(http);
    return new Client(http, userId, options.roles);
  }

  /**
   * Sends a command, and writes down what came of it.
   * @throws Error when it was not accepted
   */
  async send(client: Client, path: string, body?: unknown, method?: Intent['method']): Promise<Sent> {
    const intent = { key: newId(), userId: client.userId, path, body, method };
    const { commandId, resourceId, status, detail } = await client.attempt(intent, this.ledger);
    if (!commandId || !resourceId) throw new Error(`${path} was answered ${status}: ${detail}`);
    return { commandId, resourceId };
  }

  /** Asks for something as an operator would. */
  async operate(path: string, body: unknown = {}): Promise<void> {
    const admin = this.client(newId(), { roles: ['admin'] });
    const answer = await admin.post(`/ops${path}`, body);
    if (answer.status >= 300) throw new Error(`POST /ops${path} was answered ${answer.status}: ${answer.text}`);
  }

  load(options: Omit<TaskLoadOptions, 'ledger' | 'apis' | 'seed'>): TaskLoad {
    return new TaskLoad({
      ledger: this.ledger,
      apis: () => this.apis.filter(({ wasReady }) => wasReady),
      seed: this.seed + this.#loads++,
      ...options,
    });
  }

  /** A bad network of its own: processes that get its `environment` reach the servers through it. */
  async wire(): Promise<Wire> {
    const wire = await Wire.to({ databaseUrl: this.database.url, rabbitmqUrl: this.broker.url });
    this.#wires.push(wire);
    return wire;
  }

  /** All events that the lab's durable subscriber has got, copies included. It reads them while `check()` runs. */
  get told(): readonly ToldEvent[] {
    return this.#told;
  }

  /** Resolves when every accepted command has come to rest: settled, or parked where only an operator helps. */
  async quiesce(expected: Expected = {}, within = 60_000): Promise<void> {
    const ids = this.ledger.accepted.map(({ commandId }) => commandId);
    const resting = [...(expected.dead ?? []), ...(expected.blocked ?? []), ...(expected.unsupported ?? [])];
    const at = performance.now();
    await eventually(
      'every accepted command has come to rest',
      async () => {
        const { open } = await this.database.one<{ open: number }>(
          `select count(*)::int as open from unnest($1::uuid[]) as i(id)
           where not exists (select from platform.commands c where c.id = i.id)
             and not exists (select from platform.parked_commands p where p.id = i.id
               and (p.state = 'dead' or p.id = any($2::uuid[])))`,
          [ids, resting],
        );
        if (open > 0)
          throw new Error(`${open} of ${ids.length} are open after ${Math.round(performance.now() - at)} ms`);
        return true;
      },
      { within, every: 100 },
    ).catch(async (error: Error) => {
      throw new Error(`${error.message}\n${await this.#situation()}`, { cause: error });
    });
  }

  /** What the running processes use now, to compare with later. */
  usage(): NonNullable<Evidence['usageBefore']> {
    const used = this.processes.map((process) => [process, process.usage()] as const);
    return new Map(used.flatMap(([process, usage]) => (usage ? [[process, usage] as const] : [])));
  }

  /**
   * Lets all come to rest and checks all invariants over everything that was sent so far.
   * @throws Error with one sentence for each violation, and the seed
   */
  async check(expected: Expected = {}, usageBefore?: Evidence['usageBefore']): Promise<void> {
    await this.#explaining(async () => {
      await this.quiesce(expected);
      const { ledger, database, broker, processes } = this;
      const told = (): readonly ToldEvent[] => this.#told;
      await this.#listening(() =>
        checkInvariants({
          ledger,
          database,
          broker,
          processes,
          contexts,
          projections,
          expected,
          usageBefore,
          told: this.workers.length > 0 ? told : undefined,
        }),
      );
    });
  }

  /** Resolves when nothing follows from what has happened any more; after a while in any case. */
  async #stillness(): Promise<void> {
    if (this.workers.length === 0) return;
    const queues = this.broker.queues(contexts);
    let before = -1;
    const still = async (): Promise<boolean> => {
      const waiting = await Promise.all(queues.map((queue) => this.broker.waiting(queue)));
      const { ran } = await this.database.one<{ ran: number }>('select count(*)::int as ran from platform.commands');
      const same = ran === before;
      before = ran;
      return same && waiting.every((count) => count === 0);
    };
    await eventually('nothing follows any more', still, { within: 20_000, every: 300 }).catch(() => undefined);
  }

  /** Reads what has been told in the meantime, and what is told while that works. */
  async #listening(work: () => Promise<void>): Promise<void> {
    const stop = await this.broker.read(({ body }) => this.#told.push(JSON.parse(body.toString('utf8')) as ToldEvent));
    try {
      await work();
    } finally {
      await stop();
    }
  }

  /** Ends all processes in order, and looks whether they left messages unacknowledged. */
  async end(): Promise<void> {
    await this.#explaining(async () => {
      await this.#stillness();
      const findings = [...(await this.#endAll()), ...(await emptyQueues({ broker: this.broker, contexts }))];
      if (findings.length > 0) throw new Error(findings.join('\n'));
    });
  }

  /** `check()`, then `end()`. */
  async verify(expected?: Expected, usageBefore?: Evidence['usageBefore']): Promise<void> {
    await this.check(expected, usageBefore);
    await this.end();
  }

  async close(): Promise<void> {
    this.#closing = true;
    for (const connection of this.#connections) connection.close();
    await Promise.all(this.processes.map((process) => process.crash()));
    await Promise.all(this.#wires.map((wire) => wire.close()));
    await this.broker.remove(contexts).catch(() => this.broker.close());
    await this.database.drop().catch(() => undefined);
  }

  /** What an engineer would look at when commands stand still. */
  async #situation(): Promise<string> {
    const workers = await this.database.query(
      `select pid, slots, handled, (now() - seen_at)::text as silent_for from platform.workers`,
    );
    const queues = await Promise.all(
      this.broker.queues(contexts).map(async (queue) => ({ queue, ...(await this.broker.look(queue)) })),
    );
    const parked = await this.database.query(
      'select state, type, attempts, count(*)::int as commands, min(error) as error from platform.parked_commands group by 1, 2, 3',
    );
    const attempts = await this.database.query(
      'select process, count(*)::int as open from platform.attempts group by 1',
    );
    const logs = this.processes.map(
      (process) => `${process.name} ${process.running ? 'runs' : 'has ended'}\n${process.lastLines()}`,
    );
    return [...[workers, queues, parked, attempts].map((rows) => JSON.stringify(rows)), ...logs].join('\n');
  }

  async #explaining(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const message = `${(error as Error).message}\n  seed ${this.seed}; answers ${JSON.stringify([...this.ledger.answers])}`;
      throw new Error(message, { cause: error });
    }
  }

  async #endAll(): Promise<string[]> {
    const running = this.processes.filter((process) => process.running);
    const ends = running.map(async (process) => {
      const started = performance.now();
      const { code, signal } = await process.terminate();
      const took = performance.now() - started;
      if (code !== 0) return [`${process.name} ended with ${signal ?? `code ${code}`}\n${process.lastLines()}`];
      return took > mostShutdown ? [`${process.name} took ${Math.round(took)} ms to end`] : [];
    });
    return (await Promise.all(ends)).flat();
  }
}
