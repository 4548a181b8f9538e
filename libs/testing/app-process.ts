import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { eventually } from './eventually.js';
import { HttpClient } from './http-client.js';
import { freePort } from './ports.js';
import { compiledMain, dataFolder, projectRoot } from './project.js';
import { script } from './servers.js';

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

export type Environment = Readonly<Record<string, string>>;

/** An orderly end takes at most so long, in milliseconds. */
export const mostShutdown = 30_000;
const mostWait = 2 * mostShutdown;

let started = 0;

/** An API or a worker as a process of its own, compiled, so that signals to it are real. */
export class AppProcess {
  readonly exited: Promise<Exit>;
  #exit: Exit | undefined;
  #wasReady = false;
  readonly #health: HttpClient;

  private constructor(
    readonly app: 'api' | 'worker',
    /** Where it serves its health; for the API the port of everything. */
    readonly port: number,
    readonly logFile: string,
    private readonly child: ChildProcess,
  ) {
    this.#health = new HttpClient(port, 2);
    this.exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.#exit = { code, signal };
        this.#health.close();
        resolve(this.#exit);
      });
    });
  }

  /** Spawns it; `ready()` waits until it can work. The same port may be used again after an exit. */
  static async spawn(app: 'api' | 'worker', environment: Environment, port?: number): Promise<AppProcess> {
    const chosen = port ?? (await freePort());
    const logFile = join(dataFolder('logs'), `${++started}-${process.pid}-${app}-${chosen}.log`);
    const log = openSync(logFile, 'a');
    const { appFlags } = await script<typeof import('../../scripts/lib/app-flags.mjs')>('app-flags');
    const child = spawn(process.execPath, [...appFlags, compiledMain(app)], {
      cwd: projectRoot,
      env: {
        ...process.env,
        NODE_ENV: 'test',
        NODE_OPTIONS: '',
        NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? dataFolder('compile-cache'),
        LOG_LEVEL: 'warn',
        [app === 'api' ? 'PORT' : 'WORKER_HEALTH_PORT']: String(chosen),
        ...environment,
      },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    return new AppProcess(app, chosen, logFile, child);
  }

  get pid(): number {
    return this.child.pid as number;
  }

  get name(): string {
    return `${this.app} ${this.pid}`;
  }

  get running(): boolean {
    return this.#exit === undefined;
  }

  /** It was seen ready once: whoever balances load would know it. */
  get wasReady(): boolean {
    return this.#wasReady;
  }

  get exit(): Exit | undefined {
    return this.#exit;
  }

  /** The status of `/health` or a path below it; 0 while nothing listens. */
  async health(path: '' | '/live' | '/ready' | '/db' | '/events' = ''): Promise<number> {
    try {
      return (await this.#health.send({ path: `/health${path}`, timeout: 4_000 })).status;
    } catch {
      return 0;
    }
  }

  /** Resolves once it says that it may be given work. */
  async ready(within = 90_000): Promise<this> {
    await eventually(
      `${this.name} is ready`,
      async () => {
        if (!this.running) return true;
        return (await this.health('/ready')) === 200;
      },
      { within, every: 25 },
    ).catch((error: unknown) => {
      throw new Error(`${(error as Error).message}\n${this.lastLines()}`, { cause: error });
    });
    if (!this.running) throw new Error(`${this.name} ended with ${JSON.stringify(this.#exit)}\n${this.lastLines()}`);
    this.#wasReady = true;
    return this;
  }

  kill(signal: NodeJS.Signals): void {
    if (this.running) this.child.kill(signal);
  }

  /**
   * Asks it to end, and resolves with how it did.
   * @throws Error with its last lines when it takes twice as long as it may
   */
  async terminate(): Promise<Exit> {
    // A stopped process gets to see SIGTERM only when it goes on.
    this.kill('SIGTERM');
    this.kill('SIGCONT');
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const told = (): void =>
        reject(new Error(`${this.name} has not ended ${mostWait / 1000} s after SIGTERM\n${this.lastLines()}`));
      timer = setTimeout(told, mostWait);
    });
    try {
      return await Promise.race([this.exited, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** What a crash looks like. */
  async crash(): Promise<Exit> {
    this.kill('SIGKILL');
    return this.exited;
  }

  /** What it has logged, lines that are no JSON included as their text. */
  log(): LogLine[] {
    return readFileSync(this.logFile, 'utf8')
      .split('\n')
      .filter((line) => line.trim())
      .map(logLine);
  }

  lastLines(count = 15): string {
    return readFileSync(this.logFile, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  }

  /** Memory in MiB and open file descriptors; undefined where the system does not tell, or after its end. */
  usage(): { readonly memory: number; readonly descriptors: number } | undefined {
    try {
      const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
      const kibibytes = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]);
      return { memory: kibibytes / 1024, descriptors: readdirSync(`/proc/${this.pid}/fd`).length };
    } catch {
      return undefined;
    }
  }
}

function logLine(text: string): LogLine {
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    return { level: 'none', message: text };
  }
}
