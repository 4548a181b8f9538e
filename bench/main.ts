import 'reflect-metadata';

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { format, resolveConfig } from 'prettier';

import { projectRoot } from '#testing/project.js';
import { sharedServers } from '#testing/servers.js';

import { chart } from './chart.js';
import { circumstances, oneMinute } from './circumstances.js';
import { optionsOf, usage } from './options.js';
import { markdown, screen, sign, withFigures, type Report } from './report.js';
import type { Row } from './row.js';
import { rows } from './rows/rows.js';
import { failureOf, resultOf, type Result } from './verdict.js';
import { Workbench } from './workbench.js';

/** Run by `npm run bench`, on servers of its own. */
const names = rows.map(({ name }) => name);
try {
  const options = optionsOf(process.argv.slice(2), rows);
  await measure(
    rows.filter(({ name }) => options.rows.includes(name)),
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
  if (results.some(({ failure }) => failure !== undefined)) process.exitCode = 1;
  await write(report, quick || chosen.length < rows.length);
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

/** The documentation shows all rows in full; whatever is less stays beside it, and out of the repository. */
async function write(report: Report, partial: boolean): Promise<void> {
  const results = inProject('bench/results', partial ? 'partial' : 'latest');
  await writePretty(`${results}.json`, JSON.stringify(report));
  await writePretty(`${results}.md`, markdown(report));
  const picture = partial ? `${results}.svg` : inProject('docs/images', 'performance.svg');
  writeFileSync(picture, chart(report));
  const page = inProject('docs', 'performance.md');
  if (!partial) await writePretty(page, withFigures(readFileSync(page, 'utf8'), markdown(report)));
  console.log(
    `${results.slice(projectRoot.length + 1)}.md and .json are written, and ${picture.slice(projectRoot.length + 1)}`,
  );
}

/** In the folder, which is made if need be. */
function inProject(folder: string, file: string): string {
  mkdirSync(join(projectRoot, folder), { recursive: true });
  return join(projectRoot, folder, file);
}

async function writePretty(file: string, text: string): Promise<void> {
  writeFileSync(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
}
