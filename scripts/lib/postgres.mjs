import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { freePort, isFree } from './ports.mjs';
import { chooseHost } from './postgres-host.mjs';
import { probePostgres, waitFor } from './probes.mjs';
import { end, endLeftovers, lastLines, launch, ownedProcesses, processesAt, run } from './processes.mjs';
import { Problem } from './screen.mjs';
import { removeDataFolder, ServerFolder } from './server-folder.mjs';

const stopSignals = { smart: 'SIGTERM', fast: 'SIGINT', immediate: 'SIGQUIT' };
const role = 'contextflow';
// The same ordering of texts on every machine and in docker-compose.yml.
const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];

/** Starts a private Postgres on 127.0.0.1 with its data in `dataDir`. */
export async function startPostgres(options) {
  const postgres = new PrivatePostgres(options);
  await postgres.start();
  return postgres;
}

class PrivatePostgres {
  #folder;
  #wantedPort;
  #onExit;
  #host;
  #cluster;
  #password;
  #server;

  constructor({ dataDir, port, log, onExit }) {
    this.#folder = new ServerFolder('Postgres', dataDir);
    this.#wantedPort = port;
    this.#onExit = onExit;
    this.dataDir = this.#folder.path;
    this.logFile = log ?? this.#folder.at('server.log');
  }

  get pid() {
    return this.#server?.running ? this.#server.pid : undefined;
  }

  get url() {
    return `postgres://${role}:${this.#password}@127.0.0.1:${this.port}/${role}`;
  }

  async start() {
    if (this.#server?.running) return;
    const known = this.#folder.take();
    try {
      await endLeftovers(() => this.#processes(known), { signal: 'SIGINT' });
      this.#host = await chooseHost(this.#folder, known);
      this.version = this.#host.version;
      await this.#openCluster(known);
      this.port = await this.#choosePort(known);
      await this.#serve();
    } catch (error) {
      await this.#close();
      throw error;
    }
  }

  async stop(mode = 'fast', { graceMs = 8000 } = {}) {
    if (!this.#server) return;
    const server = this.#server;
    this.#server = undefined;
    await end(server, { signal: stopSignals[mode], graceMs });
    await this.#close();
  }

  async restart(mode) {
    await this.stop(mode);
    await this.start();
  }

  /** What a crash of the machine's Postgres looks like: no process of it runs any instruction more. */
  async kill() {
    const server = this.#server;
    this.#server = undefined;
    server?.kill('SIGSTOP');
    await endLeftovers(() => this.#processes({ cluster: this.#cluster }), { signal: 'SIGKILL' });
    await server?.exited;
    await this.#close();
  }

  async remove() {
    await this.stop('immediate');
    removeDataFolder(this.dataDir);
  }

  async #openCluster(known) {
    this.#cluster = this.#host.cluster;
    this.#password = known.password ?? randomBytes(18).toString('base64url');
    if (known.complete) {
      const major =
        existsSync(`${this.#cluster}/PG_VERSION`) && readFileSync(`${this.#cluster}/PG_VERSION`, 'utf8').trim();
      if (!major) throw this.#folder.unusable('its data have gone');
      if (major !== this.version.split('.')[0]) {
        throw this.#folder.unusable(`its data are of Postgres ${major}, and this is Postgres ${this.version}`);
      }
      return;
    }
    rmSync(this.#cluster, { recursive: true, force: true });
    this.#folder.remember({ password: this.#password, cluster: this.#cluster, outside: this.#host.outside });
    const passwordFile = `${this.#cluster}.password`;
    writeFileSync(passwordFile, this.#password, { mode: 0o600 });
    const { uid, gid } = this.#host.identity;
    if (uid !== undefined) chownSync(passwordFile, uid, gid);
    try {
      const account = ['-U', role, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
      await this.#finish('initdb', ['-D', this.#cluster, ...account, ...locale, '--no-instructions']);
    } finally {
      rmSync(passwordFile);
    }
    const sql = `CREATE DATABASE ${role};\n`;
    await this.#finish('postgres', ['--single', '-D', this.#cluster, 'template1'], sql);
    this.#folder.remember({ complete: true });
  }

  async #choosePort({ port }) {
    const fixed = this.#wantedPort ?? this.port;
    if (fixed !== undefined) {
      // Just after a crash, the last of the old processes may still hold it for a moment.
      if (await waitFor(() => isFree(fixed), { timeoutMs: 5000 })) return fixed;
      throw new Problem(`The port ${fixed} of 127.0.0.1 is taken: Postgres cannot start there.`);
    }
    return port && (await isFree(port)) ? port : freePort();
  }

  async #serve() {
    // Left by a crash: its processes were ended above, and the id in it may by now be another process's.
    rmSync(`${this.#cluster}/postmaster.pid`, { force: true });
    const settings = {
      listen_addresses: '127.0.0.1',
      port: this.port,
      unix_socket_directories: '',
      max_connections: 200,
      fsync: 'on',
      synchronous_commit: 'on',
      timezone: 'UTC',
      log_timezone: 'UTC',
    };
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const server = launch(this.#host.program('postgres'), ['-D', this.#cluster, ...args], {
      ...this.#launchOptions(),
      deathSignal: 'SIGINT',
      cwd: this.#cluster,
    });
    this.#server = server;
    const answer = async () => (await probePostgres('127.0.0.1', this.port)) === 'ready';
    if (!(await waitFor(answer, { timeoutMs: 60_000, everyMs: 20, unless: () => !server.running }))) {
      throw new Problem(`Postgres did not start (log: ${this.logFile}).`, lastLines(this.logFile, 15));
    }
    this.#folder.remember({ port: this.port });
    // A server that a test forgot must not keep Jest from ending; it ends with this process.
    server.unref();
    void server.exited.then((exit) => {
      if (this.#server !== server) return;
      this.#server = undefined;
      this.#folder.release();
      this.#onExit?.({ name: 'Postgres', logFile: this.logFile, ...exit });
    });
  }

  async #finish(program, args, input) {
    const { ok, output } = await run(this.#host.program(program), args, {
      ...this.#launchOptions(),
      input,
      cwd: dirname(this.#cluster),
    });
    if (!ok) throw new Problem(`${program} failed (log: ${this.logFile}).`, output);
  }

  #launchOptions() {
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PG')));
    return {
      ...this.#host.identity,
      owner: this.dataDir,
      logFile: this.logFile,
      env: { ...env, LC_ALL: 'C', TZ: 'UTC' },
    };
  }

  #processes({ cluster }) {
    return [...new Set([...ownedProcesses(this.dataDir), ...(cluster ? processesAt(cluster) : [])])];
  }

  async #close() {
    if (this.#server?.running) await end(this.#server, { signal: 'SIGQUIT', graceMs: 2000 });
    this.#server = undefined;
    this.#host?.close();
    this.#folder.release();
  }
}
