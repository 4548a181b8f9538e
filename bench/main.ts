import 'reflect-metadata';

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { projectRoot } from '#testing/project.js';
import { sharedServers } from '#testing/servers.js';

import { chart } from './chart.js';
import { circumstances, oneMinute } from './circumstances.js';
import { optionsOf, usage } from './options.js';
import { markdown, screen, sign, type Report } from './report.js';
import type { Row } from './row.js';
import { rows } from './rows/rows.js';
import { failureOf, resultOf, type Result } from './verdict.js';
import { Workbench } from './workbench.js';

/** Run by `npm run bench`, on servers of its own. */
const names = rows.map(({ name }) => name);
try {
  const options = optionsOf(process.argv.slice(2), names);
  await measure(
    rows.filter(({ name, slow }) => options.rows.includes(name) && !(options.quick && slow)),
    options.quick,
  );
} catch (error) {
  console.error(`✘ ${(error as Error).message}\n  ${usage(names)}`);
  process.exitCode = 1;
}

async function measure(chosen: readonly Row[], quick: boolean): Promise<void> {
  const before = oneMinute();
  const bench = new Workbench(sharedServers(), quick);
  const results: Result[] = [];
  for (const row of chosen) results.push(await resultOfRow(row, bench));
  const report = { circumstances: await circumstances(bench, before), results };
  console.log(`\n${screen(report)}\n`);
  write(report, quick || chosen.length < rows.length);
}

/** A row that fails takes no other with it. */
async function resultOfRow(row: Row, bench: Workbench): Promise<Result> {
  bench.progress.begin(row.name);
  let result: Result;
  try {
    result = resultOf(row, await row.measure(bench));
  } catch (error) {
    result = failureOf(row, error);
  } finally {
    await bench.clearUp();
  }
  const verdicts = result.verdicts.map(({ met }) => sign(met)).join(' ');
  bench.progress.end(row.name, result.failure === undefined ? verdicts : `✘ ${result.failure}`);
  return result;
}

/** The picture in the documentation is one of all rows in full. */
function write(report: Report, partial: boolean): void {
  const folder = join(projectRoot, 'bench/results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'latest.json'), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(join(folder, 'latest.md'), `${markdown(report)}\n`);
  const picture = partial ? join(folder, 'latest.svg') : join(projectRoot, 'docs/images/performance.svg');
  mkdirSync(join(picture, '..'), { recursive: true });
  writeFileSync(picture, chart(report));
  console.log(`bench/results/latest.md, latest.json and ${picture.slice(projectRoot.length + 1)} are written`);
}
