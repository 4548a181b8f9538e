import { readFileSync } from 'node:fs';

import { InvalidArgumentError, type Command } from 'commander';

import type { Terminal } from '../terminal.js';
import { positive } from './arguments.js';
import {
  addList,
  addShow,
  apiOf,
  asking,
  operations,
  report,
  withReason,
  withVersion,
  type Asked,
  type View,
} from './operations.js';

const path = '/ops/parked';

interface Acting extends Asked {
  readonly reason?: string;
  readonly seen?: number;
}

interface RetryOptions extends Acting {
  readonly all?: boolean;
  readonly state?: string;
  readonly type?: string;
  readonly context?: string;
  readonly lane?: string;
  readonly error?: string;
  readonly limit: number;
  readonly keepGoing?: boolean;
}

interface Run {
  readonly items: readonly { readonly id: string; readonly became: string }[];
  readonly stopped_by: string | null;
  readonly more: boolean;
}

/** Small enough to show how it goes on. */
const awaitedAtOnce = 5;
const mostAtOnce = 1_000;

export function addParked(program: Command, terminal: Terminal): void {
  const parked = operations(program, 'parked', 'deal with commands that could not be run');

  addList(parked, terminal, {
    path,
    description: 'list them, in the order in which they were parked',
    filters: ['state', 'type', 'context', 'lane', 'error', 'sort'],
    columns: [
      ['id', ({ id }) => id],
      ['state', ({ state }) => state],
      ['type', ({ type }) => type],
      ['attempts', ({ attempts }) => attempts],
      ['behind', ({ behind }) => behind],
      ['next attempt', ({ next_attempt_at: at }) => at],
      ['accepted', ({ accepted_at: at }) => at],
      ['error', ({ error, blocked_by: by }) => (typeof by === 'string' ? `waits behind ${by}` : error)],
    ],
    none: 'nothing is parked',
  });
  addShow(parked, terminal, path, 'show one in full, with its payload and error');

  const retry = asking(parked, 'retry [id]', 'retry one, or all that match')
    .option('--all', 'all dead ones')
    .option('--state <state>', 'those in this state: dead (default), retrying or unsupported')
    .option('--type <type>', 'those of this type')
    .option('--context <context>', 'those of this context')
    .option('--lane <lane>', 'those of this lane')
    .option('--error <text>', 'those whose error holds this text')
    .option('--limit <count>', 'at most so many', positive, 100)
    .option('--keep-going', 'do not wait for the end of each, and so do not stop at the first that fails');
  withVersion(withReason(retry, false)).action(async (id: string | undefined, options: RetryOptions) => {
    const { all, state, type, context, lane, error } = options;
    const filtered = [all, state, type, context, lane, error].some((given) => given !== undefined);
    if ((id !== undefined) === filtered)
      retry.error('error: give either an id, or --all or another filter', { exitCode: 2 });
    if (id === undefined) return retryAll(terminal, options);
    const { reason, seen } = options;
    const answer = await apiOf(options, terminal).post<View>(
      `${path}/${encodeURIComponent(id)}/retry`,
      { reason },
      seen,
    );
    report(
      terminal,
      options,
      `${id} is run again within about a second: "contextflow parked show" tells if it fails`,
      answer,
    );
  });

  withVersion(withReason(asking(parked, 'edit <id>', 'retry one with another payload'), true))
    .requiredOption('--payload <json>', 'all of the new payload, or @ and the name of a file that holds it', payload)
    .action(async (id: string, options: Acting & { payload: object }) => {
      const { reason, seen } = options;
      const body = { payload: options.payload, reason };
      const answer = await apiOf(options, terminal).post<View>(`${path}/${encodeURIComponent(id)}/edit`, body, seen);
      report(terminal, options, `${id} is run with its new payload within about a second`, answer);
    });

  withVersion(withReason(asking(parked, 'discard <id>', 'give one up, for good'), true)).action(
    async (id: string, options: Acting) => {
      const { reason, seen } = options;
      const answer = await apiOf(options, terminal).post(`${path}/${encodeURIComponent(id)}/discard`, { reason }, seen);
      report(terminal, options, `${id} is discarded; its lane goes on`, answer);
    },
  );
}

async function retryAll(terminal: Terminal, options: RetryOptions): Promise<void> {
  const { state, type, context, lane, error, reason, limit, keepGoing = false } = options;
  const api = apiOf(options, terminal);
  const items: Run['items'][number][] = [];
  const most = keepGoing ? mostAtOnce : awaitedAtOnce;
  let run: Run;
  for (;;) {
    run = await api.post<Run>(`${path}/retry`, {
      state,
      type,
      context,
      lane,
      error,
      reason,
      limit: Math.min(limit - items.length, most),
      stop_on_failure: !keepGoing,
    });
    items.push(...run.items);
    if (!options.json && run.items.length > 0) terminal.complain(`retried ${items.length}: ${counts(items)}`);
    // What failed at once would be retried again and again, were it not waited for.
    if (keepGoing || !run.more || run.stopped_by || run.items.length === 0 || items.length >= limit) break;
  }
  if (run.stopped_by) terminal.exitCode = 1;
  report(terminal, options, words(items, run), { items, stopped_by: run.stopped_by, more: run.more });
}

function words(items: Run['items'], { stopped_by: by, more }: Run): string {
  if (by && items.at(-1)?.became === 'waiting')
    return `stopped: ${by} had not ended within 8 seconds. Is a worker running ("contextflow workers list")?`;
  if (by) return `stopped: ${by} failed again. "contextflow parked show ${by}" tells why.`;
  if (items.length === 0) return 'nothing matches';
  return `retried ${items.length}${more ? '; there are more' : ''}`;
}

function counts(items: Run['items']): string {
  const groups = Map.groupBy(items, ({ became }) => became);
  return [...groups].map(([became, of]) => `${of.length} ${became}`).join(', ');
}

function payload(text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text.startsWith('@') ? readFileSync(text.slice(1), 'utf8') : text);
  } catch (error) {
    throw new InvalidArgumentError(`Give a JSON object: ${(error as Error).message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InvalidArgumentError('Give a JSON object.');
  return value;
}
