import { mkdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';

import { FaultReport } from './lib/fault-report.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { inData, inRoot } from './lib/project.mjs';
import { ensureRabbitmq4 } from './lib/rabbitmq4.mjs';
import { explain, Problem, say } from './lib/screen.mjs';
import { Shutdown } from './lib/shutdown.mjs';
import { TestRun } from './lib/test-run.mjs';

const usage = 'npm run test:faults -- [--seeds 3] [--seed 7] [--broker 4] [--short] [--filter <part of a file’s path>]';
const seedLimitMs = 90 * 60_000;
const shutdown = new Shutdown();

shutdown.onSignals(() => 130);
void main().then(
  (code) => shutdown.begun || shutdown.exit(code),
  (error) => {
    if (shutdown.begun) return;
    explain(error);
    void shutdown.exit(1);
  },
);

/** The whole fault lab, once for each seed. */
async function main() {
  const { seeds, broker, short, filter } = readOptions();
  await ensureInstalled();
  const rabbitmqRoot = broker === '4' ? await ensureRabbitmq4() : undefined;
  const run = new TestRun({ shutdown, timeoutMs: seedLimitMs, rabbitmqRoot });
  await run.open();
  const { scripts } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));
  const { ok } = await run.sh(scripts.build);
  if (!ok) return 1;
  mkdirSync(inData('faults'), { recursive: true });
  const report = new FaultReport({ node: process.versions.node, cores: cpus().length });
  for (const seed of seeds) {
    say(`\n— seed ${seed}`);
    const file = inData('faults', `seed-${seed}.json`);
    const env = { FAULTS: short ? 'short' : 'full', SEED: String(seed) };
    const reporters = [inRoot('tools/jest/progress-reporter.mjs')];
    const passed = await run.jest(['faults'], { report: file, filter, servers: true, env, reporters });
    if (shutdown.begun) return 130;
    Object.assign(report.facts, run.versions);
    report.add(seed, file, passed);
    // Written after each seed: a long run that is stopped has said what it knew.
    const table = report.write(`rabbitmq-${run.versions.rabbitmq}${short ? '-short' : ''}`);
    say(`\n${report.markdown}\nThis table: ${table}`);
  }
  return report.failed > 0 ? 1 : 0;
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        seeds: { type: 'string', default: '1' },
        seed: { type: 'string' },
        broker: { type: 'string' },
        short: { type: 'boolean', default: false },
        filter: { type: 'string' },
      },
    });
    const count = Number(values.seeds);
    const first = Number(values.seed ?? 1);
    if (!Number.isInteger(count) || count < 1) throw new Error('--seeds is how many seeds to run: 1 or more.');
    if (!Number.isInteger(first) || first < 0) throw new Error('--seed is the first seed: a whole number.');
    if (values.broker !== undefined && !['3', '4'].includes(values.broker))
      throw new Error('--broker is 3 (the RabbitMQ of this machine) or 4.');
    return { ...values, seeds: Array.from({ length: count }, (_, n) => first + n) };
  } catch (error) {
    throw new Problem(`${error.message}\n  ${usage}`);
  }
}
