import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';

import { Api, ImportImpossible, systemClock } from './api-client.js';
import { renderChart } from './chart.js';
import { accessLog } from './generate.js';
import { importLog, type Imported } from './import.js';
import { plan, type Plan } from './mapping.js';
import { progressOn } from './progress.js';
import { renderTable, reports } from './report.js';

const help = `Imports a web server's access log (combined format, gzip too) into ContextFlow, and reports which
partner earned how much of what was bought, by each attribution model.

  node dist/examples/import-access-log/main.js [options] FILE

  --url URL            the API with its prefix (default http://127.0.0.1:8000/api/v1)
  --token TOKEN        who imports (default: the environment's CONTEXTFLOW_TOKEN): an admin, or a service and analyst
  --site URL           where the server's own pages are (default https://shop.example)
  --conversion PATH    pages whose path begins so say that something was bought (default /thank-you)
  --engagement PATH    pages whose path begins so are an engagement (default /download)
  --shift-to-now       move all times by whole days, so that the last one is of the last 24 hours
  --generate N         instead of FILE: a log of N lines that looks real, always the same
  --chart FILE         where the chart goes (default report.svg)
  --concurrency N      requests at a time, 1 to 64 (default 4)
  --time-limit S       seconds after which to give up (default 600)
  --help               show this

Importing the same log again counts nothing twice.
Ends with 0 if all was imported, 1 if lines were refused, 2 if nothing could be done.`;

class UsageError extends Error {}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        url: { type: 'string', default: 'http://127.0.0.1:8000/api/v1' },
        token: { type: 'string', default: process.env.CONTEXTFLOW_TOKEN ?? '' },
        site: { type: 'string', default: 'https://shop.example' },
        conversion: { type: 'string', default: '/thank-you' },
        engagement: { type: 'string', default: '/download' },
        'shift-to-now': { type: 'boolean', default: false },
        generate: { type: 'string' },
        chart: { type: 'string', default: 'report.svg' },
        concurrency: { type: 'string', default: '4' },
        'time-limit': { type: 'string', default: '600' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new UsageError(`--${option} takes a whole number from ${least} to ${most}, not '${text}'.`);
}

function address(option: string, text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return text.replace(/\/+$/, '');
  throw new UsageError(`--${option} takes an address such as https://shop.example, not '${text}'.`);
}

async function readLines(file: string): Promise<string[]> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`Can't read ${file} (${error.code ?? error.message}). Is the path right?`);
  });
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const lines = (isGzip ? gunzipSync(bytes) : bytes).toString('utf8').split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

async function linesOf([file, ...others]: readonly string[], generate: string | undefined): Promise<string[]> {
  if (generate !== undefined && file === undefined) return accessLog(wholeNumber('generate', generate, 1, 1_000_000));
  if (file === undefined || generate !== undefined || others.length > 0)
    throw new UsageError('Name exactly one access log, or --generate one.');
  return readLines(file);
}

function summarise({ lines, skipped }: Plan, { events, conversions, earlier, problems }: Imported): string {
  const row = (label: string, value: number): string => `  ${label.padEnd(26)}${value}`;
  const { requests, robots, repeated, unreadable } = skipped;
  return [
    `${lines} lines read`,
    row('interactions recorded', events),
    row('orders recorded', conversions),
    row('there at other times', earlier),
    row('orders shown once more', repeated),
    row('robots', robots),
    row('errors, and not GET', requests),
    row('not in the format', unreadable.length),
    row('refused', problems.length),
    ...problems.slice(0, 20).map(({ line, problem }) => `    line ${line}: ${problem}`),
  ].join('\n');
}

async function main(): Promise<number> {
  const { values, positionals } = readArguments();
  if (values.help) {
    console.log(help);
    return 0;
  }
  const token = values.token.trim();
  if (!/^[\x21-\x7E]+$/.test(token))
    throw new UsageError('There is no token: pass --token TOKEN or set CONTEXTFLOW_TOKEN.');
  const concurrency = wholeNumber('concurrency', values.concurrency, 1, 64);
  const timeLimit = wholeNumber('time-limit', values['time-limit'], 1, 86_400) * 1000;
  const api = new Api(address('url', values.url), token, timeLimit);
  const { conversion, engagement, chart, 'shift-to-now': shiftToNow } = values;
  const site = address('site', values.site);

  const lines = await linesOf(positionals, values.generate);
  const log = plan(lines, { site, conversion, engagement, shiftToNow }, new Date());
  const progress = progressOn(process.stdout);
  const imported = await importLog(api, log, { concurrency, progress, clock: systemClock });
  console.log(`\n${summarise(log, imported)}\n`);
  const earned = await reports(api, log, imported, systemClock);
  console.log(`What partners earned of what was bought\n\n${earned.map(renderTable).join('\n\n')}`);
  await writeFile(chart, renderChart(earned));
  console.log(`\nThe same as bars: ${chart}`);
  return imported.problems.length > 0 ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (error instanceof UsageError) console.error(`${error.message}\n--help shows the options.`);
  else if (error instanceof ImportImpossible) console.error(error.message);
  else throw error;
  process.exitCode = 2;
}
