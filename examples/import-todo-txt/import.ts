import { describe, RequestRefused, type Clock, type Problem, type Task, type TasksApi } from './api-client.js';
import type { PlannedTask } from './mapping.js';

export type Outcome = 'imported' | 'unchanged' | 'deleted' | 'failed';

export interface LineResult {
  readonly line: number;
  readonly outcome: Outcome;
  readonly completed: boolean;
  readonly problem?: string;
}

export interface Progress {
  start(label: string, total: number): void;
  step(): void;
  stop(): void;
}

export interface ImportOptions {
  readonly concurrency: number;
  readonly progress: Progress;
  readonly clock: Clock;
}

interface SentCommand {
  readonly id: string;
  status: string;
  settled: boolean;
  problem?: string;
}

interface SentLine {
  readonly todo: PlannedTask;
  readonly commands: SentCommand[];
  taskId?: string;
  importedBefore?: boolean;
  problem?: string;
}

const SETTLED = ['succeeded', 'rejected', 'dead', 'discarded'];
const FIRST_LOOK = 100;
const LONGEST_BETWEEN_LOOKS = 2_000;
const AGAIN = 'run the same import again, nothing is imported twice';

/** Sends every task and waits for what became of it. A line's failure is its own; only ImportImpossible ends the run. */
export async function importTasks(
  api: TasksApi,
  todos: readonly PlannedTask[],
  options: ImportOptions,
): Promise<{ results: LineResult[]; tasks: Task[] }> {
  const before = statusById(await api.allTasks());
  const sent = todos.map((todo): SentLine => ({ todo, commands: [] }));
  await sendAll(api, sent, options);
  await awaitOutcomes(api, sent, options);

  const tasks = await api.allTasks();
  const after = statusById(tasks);
  return { results: sent.map((line) => toResult(line, before, after)), tasks };
}

async function sendAll(
  api: TasksApi,
  sent: readonly SentLine[],
  { concurrency, progress }: ImportOptions,
): Promise<void> {
  await withProgress(progress, 'Sending', sent.length, () =>
    eachOf(sent, concurrency, async (line) => {
      await send(api, line);
      progress.step();
    }),
  );
}

/** The complete follows its create at once: the commands of one task are applied in the order in which they came. */
async function send(api: TasksApi, line: SentLine): Promise<void> {
  const { task, done, createKey, completeKey } = line.todo;
  if (api.timeLeft === 0) {
    line.problem = `not sent within the time limit: ${AGAIN}`;
    return;
  }
  try {
    const created = await api.create(task, createKey);
    line.taskId = created.resource_id;
    line.commands.push({ id: created.command_id, status: 'accepted', settled: false });
    if (!done) return;
    const completed = await api.complete(created.resource_id, completeKey);
    line.commands.push({ id: completed.command_id, status: 'accepted', settled: false });
  } catch (error) {
    if (!(error instanceof RequestRefused)) throw error;
    if (isKeyReused(error.problem)) line.importedBefore = true;
    else line.problem = error.message;
  }
}

async function awaitOutcomes(
  api: TasksApi,
  sent: readonly SentLine[],
  { concurrency, progress, clock }: ImportOptions,
): Promise<void> {
  let open = sent.flatMap((line) => line.commands.map((command) => ({ line, command })));
  await withProgress(progress, 'Applying', open.length, async () => {
    for (let wait = FIRST_LOOK; ; wait = Math.min(wait * 2, LONGEST_BETWEEN_LOOKS)) {
      await eachOf(open, concurrency, async ({ line, command }) => {
        await look(api, line, command);
        if (command.settled) progress.step();
      });
      open = open.filter(({ command }) => !command.settled);
      if (open.length === 0 || api.timeLeft === 0) break;
      await clock.pause(Math.min(wait, api.timeLeft));
    }
  });
  for (const { command } of open) {
    command.problem = `sent, but still ${command.status} at the time limit: ${AGAIN}, to see what became of it`;
  }
}

async function look(api: TasksApi, line: SentLine, command: SentCommand): Promise<void> {
  try {
    const { status, problem } = await api.commandState(command.id);
    command.status = status;
    command.settled = SETTLED.includes(status);
    if (!command.settled || status === 'succeeded') return;
    if (isKeyReused(problem ?? {})) line.importedBefore = true;
    else command.problem = `${status}: ${describe(problem ?? {}) || 'the API gives no reason'}`;
  } catch (error) {
    if (!(error instanceof RequestRefused)) throw error;
    command.settled = true;
    command.problem = `sent, but its outcome is unknown (${error.message}): ${AGAIN}`;
  }
}

/** A key holds the line's content: used with another body, it says that the line's due date has passed in between. */
function isKeyReused({ reason }: Problem): boolean {
  return reason === 'idempotency_key_reused';
}

function toResult(
  { todo, commands, taskId, importedBefore, problem }: SentLine,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): LineResult {
  const { line } = todo;
  if (importedBefore) return { line, outcome: 'unchanged', completed: false };
  const failure = problem ?? commands.find((command) => command.problem !== undefined)?.problem;
  if (failure !== undefined || taskId === undefined) {
    return { line, outcome: 'failed', completed: false, problem: failure };
  }
  const completed = after.get(taskId) === 'completed' && before.get(taskId) !== 'completed';
  if (before.has(taskId)) return { line, outcome: 'unchanged', completed };
  return { line, outcome: after.has(taskId) ? 'imported' : 'deleted', completed };
}

async function withProgress(
  progress: Progress,
  label: string,
  total: number,
  work: () => Promise<void>,
): Promise<void> {
  progress.start(label, total);
  try {
    await work();
  } finally {
    progress.stop();
  }
}

/** Works through the items in their order, at most `concurrency` at a time; the first error stops all workers. */
async function eachOf<Item>(
  items: readonly Item[],
  concurrency: number,
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
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

function statusById(tasks: readonly Task[]): Map<string, string> {
  return new Map(tasks.map(({ id, status }) => [id, status]));
}
