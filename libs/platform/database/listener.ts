import pg from 'pg';

import { postgresTarget } from '../config/server-tls.js';
import { atMost } from '../resilience/at-most.js';
import { backoff } from '../resilience/backoff.js';

const farewell = 2_000;

/** A connection that only listens to one channel (LISTEN), and comes back by itself. */
export class Listener {
  readonly #closing = new AbortController();
  #client: pg.Client | undefined;
  #running: Promise<void> | undefined;

  constructor(
    private readonly url: string,
    private readonly name: string,
    private readonly channel: string,
    private readonly heard: () => void,
  ) {}

  open(): void {
    this.#running ??= this.#run();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    // A server that the network has forgotten never says goodbye.
    await atMost(
      farewell,
      this.#client?.end().catch(() => undefined),
    );
    await atMost(farewell, this.#running);
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted)
      for await (const _ of backoff({ first: 500, most: 5_000, signal })) if (await this.#listened()) break;
  }

  /** Resolves to false when it could not begin, to true when it had and is over. */
  async #listened(): Promise<boolean> {
    const { url, tls } = postgresTarget(this.url);
    const client = new pg.Client({
      connectionString: url,
      ssl: tls,
      application_name: this.name,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
    });
    client.on('error', () => undefined);
    const ended = new Promise<void>((resolve) => client.once('end', () => resolve()));
    try {
      await client.connect();
      client.on('notification', () => this.heard());
      await client.query(`LISTEN ${this.channel}`);
      this.#client = client;
      if (this.#closing.signal.aborted) await client.end();
    } catch {
      await client.end().catch(() => undefined);
      return false;
    }
    // Whatever was notified before it listened is found by looking.
    this.heard();
    await ended;
    return true;
  }
}
