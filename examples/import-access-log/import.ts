import { createHash } from 'node:crypto';

import { describe, ImportImpossible, type Api, type BatchItem, type Clock } from './api-client.js';
import type { FromLine, NewConversion, NewEvent, Plan } from './mapping.js';

export interface Progress {
  start(label: string, total: number): void;
  step(by: number): void;
  stop(): void;
}

export interface LineProblem {
  readonly line: number;
  readonly problem: string;
}

export interface Imported {
  readonly events: number;
  readonly conversions: number;
  readonly problems: readonly LineProblem[];
}

export interface ImportOptions {
  readonly concurrency: number;
  readonly progress: Progress;
  readonly clock: Clock;
}

type Sender = Pick<Api, 'post' | 'timeLeft'>;

const inBatch = 100;
/** They were recorded by an earlier run, on a day on which all was moved by other days. */
const earlier = ['tracking_event_already_exists', 'conversion_already_exists'];
const again = ['UNAVAILABLE', 'RATE_LIMITED'];
/** The body as a whole: one item that the API can't read, or more than it takes at once. */
const unreadable = [400, 413];

/** Tells the API of all interactions and conversions of a log, and waits until each is recorded. */
export async function importLog(api: Sender, { events, conversions }: Plan, options: ImportOptions): Promise<Imported> {
  const problems: LineProblem[] = [];
  const batches = Array.from({ length: Math.ceil(events.length / inBatch) }, (_, n) =>
    events.slice(n * inBatch, (n + 1) * inBatch),
  );
  await inTurn(
    'Events',
    batches,
    (batch) => batch.length,
    options,
    async (batch) => {
      problems.push(...(await sendBatch(api, batch, options.clock)));
    },
  );
  const before = problems.length;
  await inTurn(
    'Orders',
    conversions,
    () => 1,
    options,
    async (conversion) => {
      problems.push(...(await sendConversion(api, conversion)));
    },
  );
  return {
    events: events.length - before,
    conversions: conversions.length - (problems.length - before),
    problems: problems.sort((a, b) => a.line - b.line),
  };
}

/** Sends until each event is recorded or refused: those that are still under way are asked for by sending them again. */
async function sendBatch(api: Sender, batch: readonly FromLine<NewEvent>[], clock: Clock): Promise<LineProblem[]> {
  const problems: LineProblem[] = [];
  let open = batch;
  while (open.length > 0) {
    const events = open.map(({ sent }) => sent);
    const { status, body } = await api.post<{ items?: readonly BatchItem[] }>('/tracking/events/batch', keyOf(events), {
      events,
    });
    if (!body.items && unreadable.includes(status))
      return [...problems, ...(await sendHalves(api, open, describe(body), clock))];
    if (!body.items) throw new ImportImpossible(`The API refused a batch (${status}: ${describe(body)}).`);
    const unsettled = body.items.filter(
      ({ status: told, problem }) => told === 'accepted' || (problem && again.includes(problem.code ?? '')),
    );
    for (const { index, problem } of body.items)
      if (problem && !earlier.includes(problem.reason ?? '') && !again.includes(problem.code ?? ''))
        problems.push({ line: (open[index] as FromLine<NewEvent>).line, problem: describe(problem) });
    open = unsettled.map(({ index }) => (open as FromLine<NewEvent>[])[index] as FromLine<NewEvent>);
    if (open.length > 0 && api.timeLeft === 0)
      return [
        ...problems,
        ...open.map(({ line }) => ({ line, problem: 'not recorded in time: run the import again' })),
      ];
    if (open.length > 0) await clock.pause(250);
  }
  return problems;
}

/** Finds the one item that has the others refused with it. */
async function sendHalves(
  api: Sender,
  batch: readonly FromLine<NewEvent>[],
  problem: string,
  clock: Clock,
): Promise<LineProblem[]> {
  if (batch.length === 1) return batch.map(({ line }) => ({ line, problem }));
  const middle = batch.length >>> 1;
  return [
    ...(await sendBatch(api, batch.slice(0, middle), clock)),
    ...(await sendBatch(api, batch.slice(middle), clock)),
  ];
}

async function sendConversion(api: Sender, { line, sent }: FromLine<NewConversion>): Promise<LineProblem[]> {
  for (;;) {
    const { status, body } = await api.post<object>('/attribution/conversions', keyOf(sent), sent);
    if (status === 200 || status === 201 || earlier.includes(body.reason ?? '')) return [];
    if (status !== 202) return [{ line, problem: describe(body) }];
    if (api.timeLeft === 0) return [{ line, problem: 'not recorded in time: run the import again' }];
  }
}

const keyOf = (body: object): string => `access-log-${createHash('sha256').update(JSON.stringify(body)).digest('hex')}`;

/** Works through the items in their order, so many at a time; the first error stops all. */
async function inTurn<Item>(
  label: string,
  items: readonly Item[],
  sizeOf: (item: Item) => number,
  { concurrency, progress }: ImportOptions,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  let stopped = false;
  const worker = async (): Promise<void> => {
    for (const item of queue) {
      if (stopped) return;
      try {
        await work(item);
      } catch (error) {
        stopped = true;
        throw error;
      }
      progress.step(sizeOf(item));
    }
  };
  progress.start(
    label,
    items.reduce((sum, item) => sum + sizeOf(item), 0),
  );
  try {
    await Promise.all(Array.from({ length: concurrency }, worker));
  } finally {
    progress.stop();
  }
}
