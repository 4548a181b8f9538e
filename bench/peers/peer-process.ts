import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { dataFolder } from '#testing/project.js';

/** What every peer finds in its environment. */
export interface PeerEnvironment {
  readonly DATABASE_URL: string;
  readonly RABBITMQ_URL: string;
  readonly QUEUE: string;
  readonly PORT?: string;
  readonly JWT_KEY?: string;
}

let started = 0;

/** A reference as a process of its own. */
export class PeerProcess {
  private constructor(private readonly child: ChildProcess) {}

  /**
   * Resolves once it says that it is ready.
   * @param program below this folder, such as `plain-nest/worker`
   */
  static async start(program: string, environment: PeerEnvironment): Promise<PeerProcess> {
    const logFile = join(dataFolder('logs'), `peer-${++started}-${program.replace('/', '-')}.log`);
    const log = openSync(logFile, 'a');
    const child = fork(join(import.meta.dirname, `${program}.js`), {
      env: { ...process.env, NODE_ENV: 'production', ...environment },
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve());
      child.once('exit', (code) =>
        reject(new Error(`${program} ended with code ${code}\n${readFileSync(logFile, 'utf8').slice(-2_000)}`)),
      );
    });
    return new PeerProcess(child);
  }

  /** At once: nothing that a round has left behind counts. */
  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await exited;
  }
}
