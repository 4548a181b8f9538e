import { Logger } from '@nestjs/common';
import { connect, type ChannelModel } from 'amqplib';

import { brokerTarget, type ServerTarget } from '../../config/server-tls.js';
import { atMost } from '../../resilience/at-most.js';
import { backoff } from '../../resilience/backoff.js';
import { socketOf } from './gathered-writes.js';

/** A connection that lasts so many milliseconds is made anew at once when it is lost; a shorter one counts as a failure. */
const steady = 2_000;
/** Channels are set up within milliseconds. A broker that has not done it after so many will not. */
const setUpWithin = 60_000;
/** The broker's answer to a goodbye is awaited so long, in milliseconds. */
const farewell = 5_000;

/**
 * One connection to RabbitMQ that comes back by itself. Whoever uses it sets its channels up again each time it opens:
 * amqplib's own recovery reopens neither consumers nor confirms, so it stays off.
 */
export class RabbitConnection {
  readonly #log = new Logger(RabbitConnection.name);
  readonly #closing = new AbortController();
  readonly #target: ServerTarget;
  #model: ChannelModel | undefined;
  #blocked: string | undefined;
  #running: Promise<void> | undefined;
  #cut: ((why: string) => void) | undefined;

  /**
   * @param url may name an authority as RabbitMQ's own tools do: `amqps://host?cacertfile=ca.pem`
   * @param name shown in the broker's list of connections
   * @param onOpen sets channels up; when it throws, the connection is closed and made anew
   * @param onClose told once for each connection that had opened
   */
  constructor(
    url: string,
    private readonly name: string,
    private readonly onOpen: (model: ChannelModel) => Promise<void>,
    private readonly onClose: () => void,
  ) {
    this.#target = brokerTarget(url);
  }

  /** Begins to connect, in the background. */
  open(): void {
    this.#running ??= this.#run();
  }

  /** Connected, with all channels set up. */
  get ready(): boolean {
    return this.#model !== undefined;
  }

  /** Why the broker takes no publishes at present (a memory or disk alarm), if so. */
  get blocked(): string | undefined {
    return this.#blocked;
  }

  /** Resolves once the connection is gone, said goodbye to or not. */
  async close(): Promise<void> {
    this.#closing.abort();
    void this.#model?.close().catch(() => undefined);
    if (!(await atMost(farewell, this.#running))) this.cut('the broker did not answer the goodbye');
    await atMost(farewell, this.#running);
  }

  /** Ends the connection without a word, so that another is made: for a broker that does not answer. */
  cut(why: string): void {
    this.#cut?.(why);
  }

  async #run(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      for await (const attempt of backoff({ first: 500, most: steady, signal: this.#closing.signal })) {
        if (await this.#connected(attempt)) break;
      }
    }
  }

  /** Resolves to false when no steady connection could be set up, to true when one was and is gone again. */
  async #connected(attempt: number): Promise<boolean> {
    let model: ChannelModel;
    try {
      model = await connect(withHeartbeat(this.#target.url), {
        ...this.#target.tls,
        noDelay: true,
        keepAlive: true,
        keepAliveDelay: 10_000,
        timeout: 10_000,
        clientProperties: { connection_name: this.name },
      });
    } catch (error) {
      if (attempt % 10 === 1) this.#log.warn({ message: `RabbitMQ cannot be reached: ${reason(error)}. Trying on.` });
      return false;
    }
    const closed = new Promise<void>((resolve) => model.once('close', () => resolve()));
    model.on('error', (error) => this.#log.warn({ message: `connection to RabbitMQ lost: ${reason(error)}` }));
    model.on('blocked', (why) => (this.#blocked = why || 'alarm'));
    model.on('unblocked', () => (this.#blocked = undefined));
    this.#blocked = undefined;
    this.#cut = (why) => socketOf(model)?.destroy(new Error(why));
    let ready = false;
    const opened = performance.now();
    // amqplib forgets whoever waits for the end of a channel or a connection that is lost meanwhile.
    const lost = closed.then(() => {
      throw new Error('the connection was lost');
    });
    lost.catch(() => undefined);
    try {
      const setUp = Promise.race([this.onOpen(model), lost]);
      if (!(await atMost(setUpWithin, setUp)))
        throw new Error('it has not answered for a minute: see its log. Trying on');
      ready = true;
      this.#model = model;
      if (this.#closing.signal.aborted) void model.close().catch(() => undefined);
    } catch (error) {
      this.#log.error({ message: `RabbitMQ could not be set up: ${reason(error)}` });
      void model.close().catch(() => undefined);
      if (!(await atMost(farewell, closed))) this.cut('the broker did not answer the goodbye');
    }
    await closed;
    this.#cut = undefined;
    this.#model = undefined;
    if (ready) this.onClose();
    return ready && performance.now() - opened >= steady;
  }
}

function withHeartbeat(url: string): string {
  const parsed = new URL(url);
  if (!parsed.searchParams.has('heartbeat')) parsed.searchParams.set('heartbeat', '10');
  return parsed.toString();
}

const reason = (error: unknown): string =>
  error instanceof Error && error.message.startsWith('Expected ConnectionOpenOk')
    ? 'access refused: the user of RABBITMQ_URL may not use its virtual host; grant it with "rabbitmqctl set_permissions"'
    : error instanceof Error
      ? error.message || String((error as { code?: unknown }).code)
      : String(error);
