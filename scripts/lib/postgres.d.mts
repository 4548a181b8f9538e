/** How Postgres stops: when all clients have left, at once but in order, or like after a crash. */
export type StopMode = 'smart' | 'fast' | 'immediate';

export interface ServerExit {
  name: string;
  logFile: string;
  code?: number | null;
  signal?: NodeJS.Signals | null;
}

export interface PostgresOptions {
  /** The server's own folder: created when missing, refused when it holds anything else. */
  dataDir: string;
  /** Default: the port of the last start in this folder, else a free one. A given port must be free. */
  port?: number;
  /** The file for the server's output. Default: `server.log` in `dataDir`. */
  log?: string;
  /** Told when the server ends without having been asked to. */
  onExit?: (exit: ServerExit) => void;
}

/** A Postgres of this process alone, on 127.0.0.1; its role may create databases and roles. */
export interface PrivatePostgres {
  /** Stays the same over `start`, `stop`, `restart` and `kill`. */
  readonly url: string;
  readonly port: number;
  readonly version: string;
  readonly dataDir: string;
  readonly logFile: string;
  /** The postmaster's process id while it runs. */
  readonly pid: number | undefined;
  start(): Promise<void>;
  stop(mode?: StopMode, options?: { graceMs?: number }): Promise<void>;
  restart(mode?: StopMode): Promise<void>;
  /** SIGKILL of the postmaster and all of its backends. `start()` recovers what was committed. */
  kill(): Promise<void>;
  /** Stops it, and removes `dataDir`. */
  remove(): Promise<void>;
}

/** Answers when the server accepts connections. */
export function startPostgres(options: PostgresOptions): Promise<PrivatePostgres>;
