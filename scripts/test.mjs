import { mkdirSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { ensureInstalled } from './lib/install.mjs';
import { inData, inRoot } from './lib/project.mjs';
import { done, explain, failed, Problem, say } from './lib/screen.mjs';
import { Shutdown } from './lib/shutdown.mjs';
import { TestRun } from './lib/test-run.mjs';

const phases = [
  { name: 'types', script: 'build' },
  { name: 'lint', script: 'lint' },
  { name: 'walls', script: 'walls' },
  { name: 'unit', projects: ['unit'] },
  { name: 'integration', projects: ['integration'], servers: true },
  { name: 'journeys', projects: ['journeys'], servers: true },
  { name: 'faults', projects: ['faults', 'security'], servers: true },
];
const phaseLimitMs = 20 * 60_000;
const shutdown = new Shutdown();
const run = new TestRun({ shutdown, timeoutMs: phaseLimitMs });
const total = { passed: 0, failed: 0 };
const summary = [];

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
  await run.open();
  await ensureInstalled();
  // Compiling and checking keep one core busy each, and need nothing of one another.
  const scripts = chosen.filter(({ script }) => script);
  if (scripts.length > 1) say(`\n— ${scripts.map(({ name }) => name).join(', ')}`);
  const sideBySide = new Map(scripts.map((phase) => [phase, timed(phase, filter)]));
  let built = true;
  for (const phase of chosen) {
    if (phase.servers && !built) {
      say(`\n— ${phase.name}: left out, since what it starts could not be built`);
      continue;
    }
    if (!phase.script || scripts.length === 1) say(`\n— ${phase.name}`);
    const { result, took } = await (sideBySide.get(phase) ?? timed(phase, filter));
    if (shutdown.begun) return;
    total.passed += result.passed;
    total.failed += result.failed;
    if (phase.name === 'types') built = result.failed === 0;
    const skipped = result.skipped ? `, ${result.skipped} skipped` : '';
    const line = `${phase.name}: ${result.passed} passed, ${result.failed} failed${skipped}`;
    const tell = result.failed > 0 ? failed : done;
    tell(line, Date.now() - took);
    summary.push(() => say(`${result.failed > 0 ? '✘' : '✔'} ${line} ${(took / 1000).toFixed(1)} s`));
  }
}

async function timed(phase, filter) {
  const started = Date.now();
  const result = await runPhase(phase, filter).catch((error) => {
    if (!shutdown.begun) explain(error);
    return { passed: 0, failed: 1 };
  });
  return { result, took: Date.now() - started };
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
  const { ok } = await run.sh(scripts[name]);
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1 };
}

async function runJest({ name, projects, servers }, filter) {
  const report = inData('test', `${name}.json`);
  mkdirSync(inData('test'), { recursive: true });
  return counts(report, await run.jest(projects, { report, filter, servers }));
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
