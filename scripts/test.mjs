import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { ensureInstalled } from './lib/install.mjs';
import { lockHolder, takeLock } from './lib/lock.mjs';
import { startPostgres } from './lib/postgres.mjs';
import { endLeftovers, ownedProcesses, run } from './lib/processes.mjs';
import { dataFolder, inData, inRoot, node24, root, toolPath } from './lib/project.mjs';
import { startRabbitmq } from './lib/rabbitmq.mjs';
import { done, explain, failed, Problem, say } from './lib/screen.mjs';
import { removeDataFolder } from './lib/server-folder.mjs';
import { installRabbitmq } from './lib/servers.mjs';
import { Shutdown } from './lib/shutdown.mjs';

const phases = [
  { name: 'types', script: 'build' },
  { name: 'lint', script: 'lint' },
  { name: 'walls', script: 'walls' },
  { name: 'unit', projects: ['unit'] },
  { name: 'integration', projects: ['integration'], servers: true },
  { name: 'journeys', projects: ['journeys'], servers: true },
  { name: 'faults', projects: ['faults', 'security'], servers: true },
];
const ranks = { tests: 1, servers: 2, folder: 3 };
const phaseLimitMs = 20 * 60_000;
const folder = inData(`test-${process.pid}`);
const shutdown = new Shutdown();
const total = { passed: 0, failed: 0 };
const summary = [];
let servers;

shutdown.onSignals(() => 130);
void main()
  .catch((error) => {
    if (shutdown.begun) return;
    explain(error);
    total.failed += 1;
  })
  .then(finish);

async function main() {
  const { chosen, filter } = readOptions();
  shutdown.add(ranks.tests, () => endLeftovers(() => ownedProcesses(`${folder}/run`), { graceMs: 3000 }));
  shutdown.add(ranks.folder, cleanUp);
  await removeDeadRuns();
  mkdirSync(folder, { recursive: true });
  takeLock(`${folder}/lock`);
  await ensureInstalled();
  for (const phase of chosen) {
    const started = Date.now();
    say(`\n— ${phase.name}`);
    const result = await runPhase(phase, filter).catch((error) => {
      if (!shutdown.begun) explain(error);
      return { passed: 0, failed: 1 };
    });
    if (shutdown.begun) return;
    total.passed += result.passed;
    total.failed += result.failed;
    const skipped = result.skipped ? `, ${result.skipped} skipped` : '';
    const line = [`${phase.name}: ${result.passed} passed, ${result.failed} failed${skipped}`, started];
    const tell = result.failed > 0 ? failed : done;
    tell(...line);
    const seconds = Math.round((Date.now() - started) / 100) / 10;
    summary.push(() => say(`${result.failed > 0 ? '✘' : '✔'} ${line[0]} ${seconds.toFixed(1)} s`));
  }
}

async function finish() {
  if (shutdown.begun) return;
  process.on('exit', () => {
    say();
    for (const tell of summary) tell();
    say(`${total.passed} passed, ${total.failed} failed`);
  });
  await shutdown.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);
}

function readOptions() {
  const names = phases.map((phase) => phase.name);
  const usage = `npm test -- [--only ${names.join(',')}] [--filter <part of a test file's path>]`;
  try {
    const { values } = parseArgs({ options: { only: { type: 'string' }, filter: { type: 'string' } } });
    const only = values.only?.split(',').map((name) => (name === 'security' ? 'faults' : name)) ?? names;
    const unknown = only.filter((name) => !names.includes(name));
    if (unknown.length > 0) throw new Error(`There is no phase ${unknown.join(', ')}.`);
    return { chosen: phases.filter((phase) => only.includes(phase.name)), filter: values.filter };
  } catch (error) {
    throw new Problem(`${error.message}\n  ${usage}`);
  }
}

function runPhase(phase, filter) {
  return phase.script ? runScript(phase.script) : runJest(phase, filter);
}

/** Runs a script of package.json as npm would, on Node 24. */
async function runScript(name) {
  const { scripts } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));
  const { ok } = await run('sh', ['-c', scripts[name]], task());
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1 };
}

async function runJest({ name, projects, servers: needed }, filter) {
  const addresses = needed ? await openServers() : {};
  const report = inData('test', `${name}.json`);
  mkdirSync(inData('test'), { recursive: true });
  rmSync(report, { force: true });
  const args = ['--experimental-vm-modules', '--no-warnings', inRoot('node_modules/jest/bin/jest.js')];
  args.push('--selectProjects', ...projects, '--json', `--outputFile=${report}`, '--passWithNoTests');
  // Jest would leave a core idle. Journeys and faults go one file at a time in any case.
  args.push('--maxWorkers=100%');
  if (filter) args.push(`--testPathPatterns=${filter}`);
  const { ok } = await run(node24, args, task(addresses));
  // What a test started and did not end must not disturb the next phase.
  await endLeftovers(() => ownedProcesses(`${folder}/run`), { graceMs: 2000 });
  return counts(report, ok);
}

function counts(report, ok) {
  let result;
  try {
    result = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return { passed: 0, failed: 1 };
  }
  const broken = result.numFailedTests + result.numRuntimeErrorTestSuites;
  return { passed: result.numPassedTests, failed: ok ? broken : Math.max(1, broken), skipped: result.numPendingTests };
}

function task(addresses = {}) {
  const env = { ...process.env, ...addresses, PATH: toolPath(), TEST_DATA_DIR: folder };
  return { owner: `${folder}/run`, cwd: root, echo: true, env, timeoutMs: phaseLimitMs };
}

async function openServers() {
  servers ??= start();
  return servers;

  async function start() {
    await installRabbitmq();
    const started = Date.now();
    const [postgres, rabbitmq] = await Promise.all([
      startPostgres({ dataDir: `${folder}/postgres` }),
      startRabbitmq({ dataDir: `${folder}/rabbitmq` }),
    ]);
    done(`Postgres ${postgres.version} and RabbitMQ ${rabbitmq.version} for the tests`, started);
    shutdown.add(ranks.servers, () => Promise.all([postgres.stop('immediate'), rabbitmq.kill()]));
    return { TEST_DATABASE_URL: postgres.url, TEST_RABBITMQ_URL: rabbitmq.url };
  }
}

async function cleanUp() {
  await endLeftovers(() => ownedProcesses(folder), { graceMs: 1000 });
  removeDataFolder(folder);
}

async function removeDeadRuns() {
  mkdirSync(dataFolder, { recursive: true });
  const dead = (name) => /^test-\d+$/.test(name) && !lockHolder(inData(name, 'lock'));
  for (const name of readdirSync(dataFolder).filter(dead)) {
    await endLeftovers(() => ownedProcesses(inData(name)), { signal: 'SIGKILL' });
    removeDataFolder(inData(name));
  }
}
