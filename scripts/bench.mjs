import { readFileSync } from 'node:fs';

import { ensureInstalled } from './lib/install.mjs';
import { inRoot } from './lib/project.mjs';
import { done, explain } from './lib/screen.mjs';
import { Shutdown } from './lib/shutdown.mjs';
import { TestRun } from './lib/test-run.mjs';

const limitMs = 4 * 3_600_000;
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

/** Compiles, starts servers of its own, and measures; bench/main.ts knows the options. */
async function main() {
  await ensureInstalled();
  const run = new TestRun({ shutdown, timeoutMs: limitMs });
  await run.open();
  const { scripts } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));
  const started = Date.now();
  const { ok } = await run.sh(scripts.build);
  if (!ok) return 1;
  done('Built', started);
  return (await run.program('dist/bench/main.js', process.argv.slice(2))) ? 0 : 1;
}
