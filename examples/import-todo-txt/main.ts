import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

import { ImportImpossible, RequestRefused, systemClock, TasksApi } from './api-client.js';
import { importTasks, type LineResult } from './import.js';
import { renderList } from './list.js';
import { plan, type LineProblem, type Plan } from './mapping.js';
import { progressOn } from './progress.js';

const ROWS_ON_SCREEN = 40;
const WIDTH_OF_A_FILE = 100;

const HELP = `Imports a todo.txt file into ContextFlow and shows the resulting list.

  node dist/examples/import-todo-txt/main.js [options] FILE

  --url URL          the API with its prefix (default http://127.0.0.1:8000/api/v1)
  --token TOKEN      who imports (default: the environment's CONTEXTFLOW_TOKEN)
  --concurrency N    requests at a time, 1 to 64 (default 8)
  --time-limit S     seconds after which to stop waiting (default 300)
  --all              show every row of the list, not only ${ROWS_ON_SCREEN}
  --help             show this

Importing the same file again imports nothing twice.
Ends with 0 if every line with text is in the list, 1 if some are not, 2 if nothing could be done.`;

class UsageError extends Error {}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        url: { type: 'string', default: 'http://127.0.0.1:8000/api/v1' },
        token: { type: 'string', default: process.env.CONTEXTFLOW_TOKEN ?? '' },
        concurrency: { type: 'string', default: '8' },
        'time-limit': { type: 'string', default: '300' },
        all: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new UsageError(`--${option} takes a whole number from ${least} to ${most}, not '${text}'.`);
}

function apiUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:/.test(text)) {
    throw new UsageError(`--url takes an address such as http://127.0.0.1:8000/api/v1, not '${text}'.`);
  }
  return text.replace(/\/+$/, '');
}

async function readTodoFile(file: string): Promise<string> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`Can't read ${file} (${error.code ?? error.message}). Is the path right?`);
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(`${file} isn't UTF-8 text. Convert it first, for example: iconv -f latin1 -t utf-8 ${file}`);
  }
}

function summarise({ lines, tasks, blank, problems }: Plan, results: readonly LineResult[]): string {
  const count = (matches: (result: LineResult) => boolean): number => results.filter(matches).length;
  const deleted = count(({ outcome }) => outcome === 'deleted');
  const failures = failuresOf(problems, results);
  const row = (label: string, value: number | string): string => `  ${label.padEnd(22)}${value}`;
  return [
    `${lines} lines read`,
    row(
      'imported',
      count(({ outcome }) => outcome === 'imported'),
    ),
    row(
      'completed',
      count(({ completed }) => completed),
    ),
    row(
      'already there',
      count(({ outcome }) => outcome === 'unchanged'),
    ),
    ...(deleted > 0 ? [row('imported, then deleted', deleted)] : []),
    row('due date passed', `${tasks.filter(({ duePassed }) => duePassed).length} (kept in the description)`),
    ...(blank.length > 0 ? [row('blank', `${blank.length} (line ${blank.join(', ')})`)] : []),
    row('problems', failures.length),
    ...failures.map(({ line, problem }) => `    line ${line}: ${problem}`),
  ].join('\n');
}

function failuresOf(problems: readonly LineProblem[], results: readonly LineResult[]): LineProblem[] {
  const failed = results.filter(({ outcome }) => outcome === 'failed');
  return [...problems, ...failed.map(({ line, problem = 'not imported' }) => ({ line, problem }))].sort(
    (a, b) => a.line - b.line,
  );
}

async function main(): Promise<number> {
  const { values, positionals } = readArguments();
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) throw new UsageError('Name exactly one todo.txt file.');
  const token = values.token.trim();
  if (token === '') throw new UsageError('There is no token: pass --token TOKEN or set CONTEXTFLOW_TOKEN.');
  if (!/^[\x21-\x7E]+$/.test(token))
    throw new UsageError('The token is damaged: it holds a space or a character no token has.');
  const concurrency = wholeNumber('concurrency', values.concurrency, 1, 64);
  const timeLimit = wholeNumber('time-limit', values['time-limit'], 1, 86_400) * 1000;
  const api = new TasksApi(apiUrl(values.url), token, timeLimit);

  const todo = plan(await readTodoFile(file), new Date());
  const progress = progressOn(process.stdout);
  const { results, tasks } = await importTasks(api, todo.tasks, { concurrency, progress, clock: systemClock });

  const width = process.stdout.columns ?? WIDTH_OF_A_FILE;
  const rows = values.all ? Infinity : ROWS_ON_SCREEN;
  console.log(`\n${summarise(todo, results)}\n\n${renderList(tasks, { rows, width })}`);
  if (tasks.length > rows) console.log('\n--all shows every row.');
  return failuresOf(todo.problems, results).length > 0 ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (error instanceof UsageError) console.error(`${error.message}\n--help shows the options.`);
  else if (error instanceof ImportImpossible) console.error(error.message);
  else if (error instanceof RequestRefused) {
    const advice = error.status === 404 ? 'Does --url end in /api/v1?' : 'Try again later: nothing is imported twice.';
    console.error(`The list of tasks can't be read: ${error.message}. ${advice}`);
  } else throw error;
  process.exitCode = 2;
}
