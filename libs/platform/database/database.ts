import type { Socket } from 'node:net';

import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import pg, { type Pool, type PoolClient, type QueryResultRow } from 'pg';
import { DataSource, type EntityMetadata } from 'typeorm';
import { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';

import { isTlsFailure, postgresTarget } from '../config/server-tls.js';
import { correlation } from '../observability/correlation.js';
import { atMost } from '../resilience/at-most.js';
import { backoff } from '../resilience/backoff.js';
import { CopyIn } from './copy-in.js';
import {
  CommitRefused,
  DatabaseClosed,
  DatabaseUnavailable,
  isInfrastructure,
  OutcomeUnknown,
  sqlState,
} from './errors.js';
import { Listener } from './listener.js';

export interface DatabaseOptions {
  /** May ask for TLS as libpq's do: `?sslmode=verify-full&sslrootcert=ca.pem`. */
  readonly url: string;
  readonly applicationName: string;
  readonly poolSize: number;
  /** How long to wait for a free connection, in milliseconds. */
  readonly acquireTimeout: number;
  /** The server ends a statement after so many milliseconds. */
  readonly statementTimeout: number;
  /** Read models' row classes: TypeORM entities. */
  readonly entities: readonly (abstract new () => object)[];
}

export const DATABASE_OPTIONS = Symbol('DatabaseOptions');

/** In milliseconds. */
const notifyEvery = 5;
/** Milliseconds for an orderly end. */
const farewell = 5_000;

/** One prepared statement: its text is parsed once a connection. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** How the pool's connections are used. */
export interface PoolUse {
  readonly most: number;
  readonly open: number;
  readonly idle: number;
  /** Statements and transactions that wait for a connection. */
  readonly waiting: number;
}

/**
 * A transaction under way. Statements run one after the other, in the order in which they were asked for; whoever does not
 * wait for the answer to one before asking for the next saves a journey to the server.
 */
export interface Transaction {
  query<R extends QueryResultRow>(statement: Statement, values: readonly unknown[]): Promise<R[]>;
  /**
   * Stores rows that are new: faster than INSERT, and without ON CONFLICT.
   * @param statement COPY … FROM STDIN
   * @param rows in the text format of COPY
   */
  copy(statement: string, rows: string): Promise<void>;
  /** For statements at the end that answer nothing: COMMIT does not wait for them. One that fails lets all of it fail. */
  readonly unawaited: Pick<Transaction, 'query'>;
  /** Tells whoever listens to that channel once the transaction has committed. A hint: it may be left out. */
  notify(channel: string): void;
}

/**
 * The process's one pool of Postgres connections. It connects in the background, however late the server comes, and
 * reconnects by itself.
 */
@Injectable()
export class Database implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #log = new Logger(Database.name);
  readonly #source: DataSource;
  readonly #closing = new AbortController();
  #connected: Promise<void> | undefined;
  #probing: Promise<boolean> | undefined;
  readonly #guarded = new WeakSet<PoolClient>();
  #reachable = false;
  #notified = -Infinity;

  constructor(@Inject(DATABASE_OPTIONS) private readonly options: DatabaseOptions) {
    const { url, tls } = postgresTarget(options.url);
    this.#source = new DataSource({
      type: 'postgres',
      // TypeORM would load another copy, whose connections know nothing of `CopyIn`.
      driver: pg,
      url,
      applicationName: options.applicationName,
      entities: [...options.entities],
      synchronize: false,
      logging: false,
      poolSize: options.poolSize,
      connectTimeoutMS: options.acquireTimeout,
      extra: {
        ssl: tls,
        keepAlive: true,
        // Statements that are asked for together go to the server together.
        pipeline: true,
        statement_timeout: options.statementTimeout,
        lock_timeout: Math.floor(options.statementTimeout * 0.6),
        idle_in_transaction_session_timeout: 15_000,
        // Above the server's own limit: it only ends the wait for a server that cannot be heard any more.
        query_timeout: options.statementTimeout + 5_000,
      },
      poolErrorHandler: (error: Error) =>
        correlation.exit(() => this.#log.warn({ message: `an idle connection was lost: ${error.message}` })),
    });
  }

  onApplicationBootstrap(): void {
    this.whenConnected().catch(() => undefined);
  }

  async onApplicationShutdown(): Promise<void> {
    this.#closing.abort();
    // A server that the network has forgotten never says goodbye.
    if (this.#source.isInitialized) await atMost(farewell, this.#source.destroy());
  }

  /** Whether the last attempt to reach the server succeeded. */
  get reachable(): boolean {
    return this.#reachable;
  }

  get pool(): PoolUse {
    const most = this.options.poolSize;
    if (!this.#source.isInitialized) return { most, open: 0, idle: 0, waiting: 0 };
    const { totalCount, idleCount, waitingCount } = this.#pool;
    return { most, open: totalCount, idle: idleCount, waiting: waitingCount };
  }

  /** Resolves once the first connection stands. */
  whenConnected(): Promise<void> {
    this.#connected ??= this.#connect();
    return this.#connected;
  }

  metadata(entity: abstract new () => object): EntityMetadata {
    return this.#source.getMetadata(entity);
  }

  /** The column's type in Postgres, as a cast would name it. */
  columnType(column: EntityMetadata['columns'][number]): string {
    return this.#source.driver.normalizeType(column);
  }

  /**
   * Runs one statement on any connection.
   * @throws DatabaseUnavailable while the server cannot be reached
   */
  async query<R extends QueryResultRow>(statement: Statement | string, values: readonly unknown[] = []): Promise<R[]> {
    const client = await this.#acquire();
    return this.#using(client, async () => {
      const { rows } = await client.query<R>({
        ...(typeof statement === 'string' ? { text: statement } : statement),
        values: values as unknown[],
      });
      return rows;
    });
  }

  /**
   * Runs `work` in one transaction (read committed) and commits it.
   * @throws OutcomeUnknown when the connection was lost while COMMIT was under way
   * @throws DatabaseUnavailable when there was no connection to begin with
   */
  async transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const client = await this.#acquire();
    return this.#using(client, async () => {
      await client.query('BEGIN');
      let result: T;
      let told: string | undefined;
      let over = false;
      const unawaited: Promise<unknown>[] = [];
      const query = <R extends QueryResultRow>(statement: Statement, values: readonly unknown[]): Promise<R[]> => {
        // What is left of work that has failed must not go on behind the transaction's back.
        const answer = over
          ? Promise.reject<R[]>(new Error('the transaction is over'))
          : inOnePacket(client, () => client.query<R>({ ...statement, values: values as unknown[] })).then(
              ({ rows }) => rows,
            );
        // Whoever asked for several looks at the first that fails.
        answer.catch(() => undefined);
        return answer;
      };
      try {
        result = await work({
          query,
          unawaited: {
            query: (statement, values) => {
              unawaited.push(query(statement, values));
              return Promise.resolve([]);
            },
          },
          notify: (channel) => (told = channel),
          copy: (statement, rows) => CopyIn.run(client, statement, rows),
        });
      } catch (error) {
        over = true;
        if (isInfrastructure(error)) throw error;
        return await this.#rolledBack(client, unawaited, error);
      }
      over = true;
      const { command } = await this.#commit(client, told).catch((error: unknown) => {
        if (isInfrastructure(error)) throw new OutcomeUnknown(error);
        return this.#rolledBack(client, unawaited, error);
      });
      // The server has answered all that came before COMMIT; one that failed has aborted the transaction.
      await Promise.all(unawaited);
      // Postgres answers the COMMIT of an aborted transaction with ROLLBACK and no error; pg does not look.
      if (command !== 'COMMIT') throw new CommitRefused(`the server answered ${command} to COMMIT`);
      return result;
    });
  }

  /** Whether the server answers now. Everybody who asks at the same time shares one question. */
  probe(): Promise<boolean> {
    this.#probing ??= this.#answers().finally(() => (this.#probing = undefined));
    return this.#probing;
  }

  /**
   * Resolves when a probe has succeeded. Tries with growing pauses, at most 2 seconds each.
   * @throws DatabaseClosed once the process is ending
   */
  async whenReachable(): Promise<void> {
    await this.whenConnected();
    const { signal } = this.#closing;
    for await (const _ of backoff({ first: 50, most: 2_000, signal })) if (await this.probe()) return;
    throw new DatabaseClosed();
  }

  async #answers(): Promise<boolean> {
    try {
      await this.query('select 1');
      return true;
    } catch (error) {
      this.#reachable &&= !isInfrastructure(error);
      return !isInfrastructure(error);
    }
  }

  async #connect(): Promise<void> {
    for await (const attempt of backoff({ first: 100, most: 2_000, signal: this.#closing.signal })) {
      try {
        await this.#source.initialize();
        // At once, and not when `connect` resolves: the server's farewell may come in one packet with its welcome.
        this.#pool.on('connect', (client) => this.#guard(client));
        this.#reachable = true;
        return;
      } catch (error) {
        if (isTlsFailure(error)) {
          this.#log.error({
            message: `Postgres is not trusted: ${(error as Error).message}. Check DATABASE_CA_FILE, and sslmode in DATABASE_URL.`,
          });
        } else if (!isInfrastructure(error)) {
          this.#log.error({
            message: `Postgres refuses the connection: ${(error as Error).message}. Check DATABASE_URL.`,
          });
        } else if (attempt % 10 === 0) {
          this.#log.warn({ message: `Postgres cannot be reached yet: ${(error as Error).message}. Trying on.` });
        }
      }
    }
    throw new DatabaseClosed();
  }

  /** @throws what went wrong first: all that comes after that fails for no reason of its own */
  async #rolledBack(client: PoolClient, unawaited: readonly Promise<unknown>[], error: unknown): Promise<never> {
    await client.query('ROLLBACK');
    // That the transaction is aborted says only that something before it has failed.
    if (sqlState(error) === '25P02') await Promise.all(unawaited);
    throw error;
  }

  /**
   * NOTIFY goes with COMMIT, in one round trip. It takes a lock that all notifying transactions share until they have
   * committed, so a busy process does it only now and then: readers look by themselves, too.
   */
  async #commit(client: PoolClient, channel: string | undefined): Promise<{ readonly command: string }> {
    const now = performance.now();
    if (!channel || now - this.#notified < notifyEvery) return inOnePacket(client, () => client.query('COMMIT'));
    this.#notified = now;
    const told = await inOnePacket(client, () => client.query(`NOTIFY ${channel}; COMMIT`));
    const results = told as unknown as { readonly command: string }[];
    return results.at(-1) ?? { command: 'nothing' };
  }

  /**
   * Calls back whenever somebody notifies the channel, on a connection of its own that comes back by itself. What is
   * notified while it is away is not heard.
   * @param channel a literal
   * @returns ends it
   */
  listen(channel: string, heard: () => void): () => Promise<void> {
    const { url, applicationName } = this.options;
    const listener = new Listener(url, `${applicationName} listener`, channel, heard);
    listener.open();
    return () => listener.close();
  }

  async #acquire(): Promise<PoolClient> {
    if (!this.#source.isInitialized) throw new DatabaseUnavailable();
    try {
      const client = await this.#pool.connect();
      this.#guard(client);
      return client;
    } catch (error) {
      throw isInfrastructure(error) || isTlsFailure(error) ? new DatabaseUnavailable(error) : error;
    }
  }

  get #pool(): Pool {
    return (this.#source.driver as PostgresDriver).master as Pool;
  }

  /**
   * A client that is lost between two statements says so by an event, which ends the process if nobody listens. The next
   * statement fails all the same.
   */
  #guard(client: PoolClient): void {
    if (this.#guarded.has(client)) return;
    this.#guarded.add(client);
    client.on('error', (error) => this.#log.debug({ message: `a connection was lost: ${error.message}` }));
  }

  /** A client that has seen a failure it may not have recovered from never goes back into the pool. */
  async #using<T>(client: PoolClient, work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      this.#reachable = true;
      client.release();
      return result;
    } catch (error) {
      const suspect = isInfrastructure(error) || error instanceof OutcomeUnknown || error instanceof CommitRefused;
      client.release(suspect);
      throw error;
    }
  }
}

/** Whatever is asked for in this turn leaves together: a write to a socket costs more than what it carries. */
function inOnePacket<T>(client: PoolClient, ask: () => T): T {
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Socket } }).connection;
  stream.cork();
  process.nextTick(() => stream.uncork());
  return ask();
}
