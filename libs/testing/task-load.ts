import { setTimeout as delay } from 'node:timers/promises';

import { derivedId } from '#kernel';

import type { AppProcess } from './app-process.js';
import { Client } from './client.js';
import { HttpClient } from './http-client.js';
import type { Intent, Ledger } from './ledger.js';
import { Random } from './random.js';

export interface TaskLoadOptions {
  readonly ledger: Ledger;
  /** Asked at every attempt, so that APIs may come and go. */
  readonly apis: () => readonly AppProcess[];
  readonly seed: number;
  /** How many tasks to take from creation to completion: three commands each. Default: until `stop()`. */
  readonly tasks?: number;
  /** Tasks under way at a time. */
  readonly concurrency?: number;
  /** At most so many commands a second. */
  readonly perSecond?: number;
  /** How often each request is sent, with the same key, at the same time. */
  readonly copies?: number;
}

const steps = ['create', 'start', 'complete'] as const;
const mostTrying = 90_000;

/**
 * Clients that create, start and complete tasks, each command sent as soon as the one before it was accepted. What is
 * not accepted is sent again under the same key, as a well-behaved client would.
 */
export class TaskLoad {
  /** Resolves when all tasks were sent, or after `stop()` when those under way were. */
  readonly finished: Promise<void>;
  readonly #users: readonly string[];
  readonly #clients = new Map<string, Client>();
  readonly #connections = new Map<number, HttpClient>();
  readonly #random: Random;
  readonly #waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  #begun = 0;
  #accepted = 0;
  #stopped = false;
  #nextTurn = performance.now();

  constructor(private readonly options: TaskLoadOptions) {
    this.#random = new Random(options.seed);
    this.#users = Array.from({ length: 10 }, (_, n) => derivedId('user', options.seed, n));
    this.finished = Promise.all(Array.from({ length: options.concurrency ?? 32 }, () => this.#clerk())).then(() => {
      for (const connection of this.#connections.values()) connection.close();
      for (const { resolve } of this.#waiting.splice(0)) resolve();
    });
    // Whoever awaits it hears of a failure; until then it must not count as unhandled.
    this.finished.catch(() => undefined);
  }

  /** How many commands have been accepted. */
  get accepted(): number {
    return this.#accepted;
  }

  /** Resolves when so many commands have been accepted, or the load has finished. */
  async reaches(count: number): Promise<void> {
    if (this.#accepted >= count) return;
    await Promise.race([new Promise<void>((resolve) => this.#waiting.push({ count, resolve })), this.finished]);
  }

  /** Begins no more tasks. */
  stop(): Promise<void> {
    this.#stopped = true;
    return this.finished;
  }

  async #clerk(): Promise<void> {
    while (!this.#stopped && this.#begun < (this.options.tasks ?? Infinity)) await this.#task(this.#begun++);
  }

  async #task(number: number): Promise<void> {
    const userId = this.#random.pick(this.#users);
    const body = { title: `task ${number}`, priority: this.#random.pick(['low', 'medium', 'high', 'urgent']) };
    let path = '/tasks';
    for (const step of steps) {
      const key = `load-${this.options.seed}-${number}-${step}`;
      const intent = {
        key,
        userId,
        path: step === 'create' ? path : `${path}/${step}`,
        body: step === 'create' ? body : undefined,
      };
      const taskId = await this.#insist(intent);
      path = `/tasks/${taskId}`;
    }
  }

  /** Sends it until it is accepted. */
  async #insist(intent: Intent): Promise<string> {
    const deadline = performance.now() + mostTrying;
    for (let pause = 50; ; pause = Math.min(500, pause * 2)) {
      await this.#turn();
      const copies = Array.from({ length: this.options.copies ?? 1 }, () => this.#once(intent));
      const [first] = (await Promise.all(copies)).filter((id) => id !== undefined);
      if (first !== undefined) return first;
      if (performance.now() > deadline)
        throw new Error(`${intent.key} was not accepted within ${mostTrying / 1000} s of trying`);
      await delay(pause);
    }
  }

  async #once(intent: Intent): Promise<string | undefined> {
    const apis = this.options.apis().filter(({ running }) => running);
    if (apis.length === 0) return undefined;
    const api = this.#random.pick(apis);
    const attempt = await this.#client(api.port, intent.userId).attempt(intent, this.options.ledger);
    if (attempt.outcome === 'failed' && attempt.status !== 0)
      throw new Error(`${intent.key} was refused with ${attempt.status}: ${attempt.detail}`);
    if (attempt.outcome !== 'ok') return undefined;
    this.#accepted++;
    for (const waiting of this.#waiting.filter(({ count }) => count <= this.#accepted)) waiting.resolve();
    return attempt.resourceId;
  }

  async #turn(): Promise<void> {
    if (this.options.perSecond === undefined) return;
    const turn = Math.max(this.#nextTurn, performance.now());
    this.#nextTurn = turn + 1000 / this.options.perSecond;
    await delay(Math.max(0, turn - performance.now()));
  }

  #client(port: number, userId: string): Client {
    const key = `${port} ${userId}`;
    let client = this.#clients.get(key);
    if (!client) {
      const connection = this.#connections.get(port) ?? new HttpClient(port, this.options.concurrency ?? 32);
      this.#connections.set(port, connection);
      client = new Client(connection, userId);
      this.#clients.set(key, client);
    }
    return client;
  }
}
