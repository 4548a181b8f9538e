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
  /** As they were sent, by this run or one before. */
  readonly events: number;
  readonly conversions: number;
  /** Events and orders that were there already, but not as they were sent now: they may have been moved to another time. */
  readonly earlier: number;
  readonly problems: readonly LineProblem[];
}

export interface ImportOptions {
  readonly concurrency: number;
  readonly progress: Progress;
  readonly clock: Clock;
}

type Sender = Pick<Api, 'post' | 'timeLeft'>;

const inBatch = 100;
/** What an earlier run recorded, on a day on which all was moved by other days. */
const existing = ['tracking_event_already_exists', 'conversion_already_exists'];
const again = ['UNAVAILABLE', 'RATE_LIMITED'];
/** The body as a whole: one item that the API can't read, or more than it takes at once. */
const unreadable = [400, 413];

/** What became of what was sent; all else was recorded. */
interface Outcome {
  readonly problems: readonly LineProblem[];
  readonly earlier: number;
}

/** Tells the API of all interactions and conversions of a log, and waits until each is recorded. */
export async function importLog(api: Sender, { events, conversions }: Plan, options: ImportOptions): Promise<Imported> {
  const batches = Array.from({ length: Math.ceil(events.length / inBatch) }, (_, n) =>
    events.slice(n * inBatch, (n + 1) * inBatch),
  );
  const ofEvents = await inTurn(
    'Events',
    batches,
    (batch) => batch.length,
    options,
    (batch) => sendBatch(api, batch, options.clock),
  );
  const ofConversions = await inTurn(
    'Orders',
    conversions,
    () => 1,
    options,
    (conversion) => sendConversion(api, conversion),
  );
  const { problems, earlier } = together([ofEvents, ofConversions]);
  return {
    events: events.length - ofEvents.problems.length - ofEvents.earlier,
    conversions: conversions.length - ofConversions.problems.length - ofConversions.earlier,
    earlier,
    problems: problems.toSorted((a, b) => a.line - b.line),
  };
}

const together = (outcomes: readonly Outcome[]): Outcome => ({
  problems: outcomes.flatMap(({ problems }) => problems),
  earlier: outcomes.reduce((sum, { earlier }) => sum + earlier, 0),
});

const notInTime = ({ line }: { readonly line: number }): LineProblem => ({
  line,
  problem: 'not recorded in time: run the import again',
});

/** Sends until each event is recorded or refused: those that are still under way are asked for by sending them again. */
async function sendBatch(api: Sender, batch: readonly FromLine<NewEvent>[], clock: Clock): Promise<Outcome> {
  const problems: LineProblem[] = [];
  let earlier = 0;
  let open = batch;
  while (open.length > 0) {
    const events = open.map(({ sent }) => sent);
    const { status, body } = await api.post<{ items?: readonly BatchItem[] }>('/tracking/events/batch', keyOf(events), {
      events,
    });
    if (!body.items && unreadable.includes(status))
      return together([{ problems, earlier }, await sendHalves(api, open, describe(body), clock)]);
    if (!body.items) throw new ImportImpossible(`The API refused a batch (${status}: ${describe(body)}).`);
    const unsettled = body.items.filter(
      ({ status: told, problem }) => told === 'accepted' || (problem && again.includes(problem.code ?? '')),
    );
    for (const { index, problem } of body.items) {
      if (!problem || again.includes(problem.code ?? '')) continue;
      if (existing.includes(problem.reason ?? '')) earlier++;
      else problems.push({ line: (open[index] as FromLine<NewEvent>).line, problem: describe(problem) });
    }
    open = unsettled.map(({ index }) => (open as FromLine<NewEvent>[])[index] as FromLine<NewEvent>);
    if (open.length > 0 && api.timeLeft === 0) return { problems: [...problems, ...open.map(notInTime)], earlier };
    if (open.length > 0) await clock.pause(250);
  }
  return { problems, earlier };
}

/** Finds the one item that has the others refused with it. */
async function sendHalves(
  api: Sender,
  batch: readonly FromLine<NewEvent>[],
  problem: string,
  clock: Clock,
): Promise<Outcome> {
  if (batch.length === 1) return { problems: batch.map(({ line }) => ({ line, problem })), earlier: 0 };
  const middle = batch.length >>> 1;
  return together([
    await sendBatch(api, batch.slice(0, middle), clock),
    await sendBatch(api, batch.slice(middle), clock),
  ]);
}

async function sendConversion(api: Sender, { line, sent }: FromLine<NewConversion>): Promise<Outcome> {
  for (;;) {
    const { status, body } = await api.post<object>('/attribution/conversions', keyOf(sent), sent);
    if (status === 200 || status === 201) return { problems: [], earlier: 0 };
    if (existing.includes(body.reason ?? '')) return { problems: [], earlier: 1 };
    if (status !== 202) return { problems: [{ line, problem: describe(body) }], earlier: 0 };
    if (api.timeLeft === 0) return { problems: [notInTime({ line })], earlier: 0 };
  }
}

const keyOf = (body: object): string => `access-log-${createHash('sha256').update(JSON.stringify(body)).digest('hex')}`;

/** Works through the items in their order, so many at a time; the first error stops all. */
async function inTurn<Item>(
  label: string,
  items: readonly Item[],
  sizeOf: (item: Item) => number,
  { concurrency, progress }: ImportOptions,
  work: (item: Item) => Promise<Outcome>,
): Promise<Outcome> {
  const outcomes: Outcome[] = [];
  const queue = items.values();
  let stopped = false;
  const worker = async (): Promise<void> => {
    for (const item of queue) {
      if (stopped) return;
      try {
        outcomes.push(await work(item));
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
  return together(outcomes);
}
