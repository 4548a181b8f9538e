import type { ServerExit } from './postgres.mjs';

export interface RabbitmqOptions {
  /** The node's own folder: created when missing, refused when it holds anything else. */
  dataDir: string;
  /** Default: the port of the last start in this folder, else a free one. A given port must be free. */
  port?: number;
  /** The file for the node's output. Default: `server.log` in `dataDir`; RabbitMQ's own log is in `log/`. */
  log?: string;
  /** Default: the RabbitMQ of this machine. Else that of the root that `ensureRabbitmq4` has made. */
  root?: string;
  /** Told when the node ends without having been asked to. */
  onExit?: (exit: ServerExit) => void;
}

/** A RabbitMQ node of this process alone, every port of it on 127.0.0.1; its user is an administrator. */
export interface PrivateRabbitmq {
  /** The vhost `/`. Stays the same over `start`, `stop`, `restart` and `kill`. */
  readonly url: string;
  readonly port: number;
  readonly version: string;
  readonly dataDir: string;
  readonly logFile: string;
  /** The Erlang VM's process id while it runs. */
  readonly pid: number | undefined;
  start(): Promise<void>;
  stop(options?: { graceMs?: number }): Promise<void>;
  restart(): Promise<void>;
  /** SIGKILL of the Erlang VM. `start()` recovers what was confirmed. */
  kill(): Promise<void>;
  /** Ends it, and removes `dataDir`. */
  remove(): Promise<void>;
  /** Runs rabbitmqctl on this node and answers its output, for example `ctl('add_vhost', 'run-1')`; takes about 1 s. */
  ctl(...args: string[]): Promise<string>;
}

/** Answers when the node speaks AMQP. */
export function startRabbitmq(options: RabbitmqOptions): Promise<PrivateRabbitmq>;

/** The folder of RabbitMQ's scripts, or undefined where it is not installed. */
export function rabbitmqHome(): string | undefined;
