import { mkdirSync, readdirSync, rmSync } from 'node:fs';

import { lockHolder, takeLock } from './lock.mjs';
import { startPostgres } from './postgres.mjs';
import { endLeftovers, ownedProcesses, run } from './processes.mjs';
import { dataFolder, inData, inRoot, node24, root, toolPath } from './project.mjs';
import { startRabbitmq } from './rabbitmq.mjs';
import { done } from './screen.mjs';
import { removeDataFolder } from './server-folder.mjs';
import { installRabbitmq } from './servers.mjs';

const ranks = { tests: 1, servers: 2, folder: 3 };

/** One run of tests: its folder, its servers, and whatever they leave behind. */
export class TestRun {
  #folder = inData(`test-${process.pid}`);
  #shutdown;
  #timeoutMs;
  #rabbitmqRoot;
  #servers;

  /** @param rabbitmqRoot see `startRabbitmq({ root })` */
  constructor({ shutdown, timeoutMs, rabbitmqRoot }) {
    this.#shutdown = shutdown;
    this.#timeoutMs = timeoutMs;
    this.#rabbitmqRoot = rabbitmqRoot;
  }

  /** Takes a folder for this run, and removes what dead runs have left. */
  async open() {
    this.#shutdown.add(ranks.tests, () => endLeftovers(() => ownedProcesses(`${this.#folder}/run`), { graceMs: 3000 }));
    this.#shutdown.add(ranks.folder, () => this.#cleanUp());
    await removeDeadRuns();
    mkdirSync(this.#folder, { recursive: true });
    takeLock(`${this.#folder}/lock`);
  }

  /** Runs a command with the words of a shell, as npm would, on Node 24. */
  sh(script) {
    return run('sh', ['-c', script], this.#task());
  }

  /** Runs Jest; `report` gets its results as JSON. Without `servers` it has none. */
  async jest(projects, { report, filter, servers, env = {}, reporters = [] }) {
    const addresses = servers ? await this.#openServers() : {};
    rmSync(report, { force: true });
    const args = ['--experimental-vm-modules', '--no-warnings', inRoot('node_modules/jest/bin/jest.js')];
    args.push('--selectProjects', ...projects, '--json', `--outputFile=${report}`, '--passWithNoTests');
    // Jest would leave a core idle. Faults and attacks go one file at a time in any case.
    args.push('--maxWorkers=100%');
    for (const reporter of reporters) args.push(`--reporters=${reporter}`);
    if (filter) args.push(`--testPathPatterns=${filter}`);
    const { ok } = await run(node24, args, this.#task({ ...addresses, ...env }));
    // What a test started and did not end must not disturb the next one.
    await endLeftovers(() => ownedProcesses(`${this.#folder}/run`), { graceMs: 2000 });
    return ok;
  }

  /** Runs a compiled program of this project, with the servers of this run in its environment. */
  async program(file, args) {
    const { ok } = await run(node24, [inRoot(file), ...args], this.#task(await this.#openServers()));
    return ok;
  }

  #task(more = {}) {
    // Hundreds of processes start in a run: they need not compile the same code each time.
    const cache = { NODE_COMPILE_CACHE: inData('compile-cache') };
    const env = { ...cache, ...process.env, ...more, PATH: toolPath(), TEST_DATA_DIR: this.#folder };
    return { owner: `${this.#folder}/run`, cwd: root, echo: true, env, timeoutMs: this.#timeoutMs };
  }

  #openServers() {
    this.#servers ??= this.#startServers();
    return this.#servers;
  }

  async #startServers() {
    if (!this.#rabbitmqRoot) await installRabbitmq();
    const started = Date.now();
    const [postgres, rabbitmq] = await Promise.all([
      startPostgres({ dataDir: `${this.#folder}/postgres` }),
      startRabbitmq({ dataDir: `${this.#folder}/rabbitmq`, root: this.#rabbitmqRoot }),
    ]);
    done(`Postgres ${postgres.version} and RabbitMQ ${rabbitmq.version} for the tests`, started);
    this.#shutdown.add(ranks.servers, () => Promise.all([postgres.stop('immediate'), rabbitmq.kill()]));
    this.versions = { postgres: postgres.version, rabbitmq: rabbitmq.version };
    return {
      TEST_DATABASE_URL: postgres.url,
      TEST_RABBITMQ_URL: rabbitmq.url,
      ...(this.#rabbitmqRoot && { TEST_RABBITMQ_ROOT: this.#rabbitmqRoot }),
    };
  }

  async #cleanUp() {
    await endLeftovers(() => ownedProcesses(this.#folder), { graceMs: 1000 });
    removeDataFolder(this.#folder);
  }
}

async function removeDeadRuns() {
  mkdirSync(dataFolder, { recursive: true });
  const dead = (name) => /^test-\d+$/.test(name) && !lockHolder(inData(name, 'lock'));
  for (const name of readdirSync(dataFolder).filter(dead)) {
    await endLeftovers(() => ownedProcesses(inData(name)), { signal: 'SIGKILL' });
    removeDataFolder(inData(name));
  }
}
