import { createHash } from 'node:crypto';

import type { NewTask, TaskPriority } from './api-client.js';
import { parseTodo, type TodoItem } from './todo-txt.js';

const TITLE_LIMIT = 255;
const DESCRIPTION_LIMIT = 5000;

export interface PlannedTask {
  readonly line: number;
  readonly task: NewTask;
  readonly done: boolean;
  readonly duePassed: boolean;
  readonly createKey: string;
  readonly completeKey: string;
}

export interface Plan {
  readonly lines: number;
  readonly tasks: readonly PlannedTask[];
  readonly blank: readonly number[];
  readonly problems: readonly LineProblem[];
}

export interface LineProblem {
  readonly line: number;
  readonly problem: string;
}

/** Turns a whole file into tasks. Each line ends up in exactly one of `tasks`, `blank` and `problems`. */
export function plan(content: string, now: Date): Plan {
  const lines = content.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();

  const tasks: PlannedTask[] = [];
  const blank: number[] = [];
  const problems: LineProblem[] = [];
  const seen = new Map<string, number>();
  for (const [index, text] of lines.entries()) {
    const line = index + 1;
    if (text.trim() === '') {
      blank.push(line);
      continue;
    }
    const occurrence = (seen.get(text) ?? 0) + 1;
    seen.set(text, occurrence);

    const item = parseTodo(text);
    const duePassed = item.due !== undefined && endOfDay(item.due).getTime() <= now.getTime();
    const task = toTask(item, duePassed);
    const problem = unmappable(text, task);
    if (problem !== undefined) {
      problems.push({ line, problem });
      continue;
    }
    const fingerprint = createHash('sha256').update(`${text}\n${occurrence}`).digest('hex');
    tasks.push({
      line,
      task,
      done: item.done,
      duePassed,
      createKey: `todo-txt-create-${fingerprint}`,
      completeKey: `todo-txt-complete-${fingerprint}`,
    });
  }
  return { lines: lines.length, tasks, blank, problems };
}

function toTask(item: TodoItem, duePassed: boolean): NewTask {
  const [title, overflow] = splitTitle(item.text);
  const description = [
    overflow,
    item.createdOn && `created: ${item.createdOn}`,
    item.completedOn && `completed: ${item.completedOn}`,
    duePassed && `due: ${item.due}`,
    ...item.tags.map(([key, value]) => `${key}: ${value}`),
  ]
    .filter(Boolean)
    .join('\n');
  return {
    title,
    priority: toPriority(item.priority),
    ...(description && { description }),
    ...(item.due !== undefined && !duePassed && { due_date: endOfDay(item.due).toISOString() }),
  };
}

function unmappable(text: string, { title, description = '' }: NewTask): string | undefined {
  if (text.includes('\0')) return 'holds a NUL character, which no task may contain: remove it';
  if (title === '') return 'has no text beside its marks and dates: write what is to be done';
  if (description.length > DESCRIPTION_LIMIT) {
    return `is too long for a title of ${TITLE_LIMIT} and a description of ${DESCRIPTION_LIMIT} characters: split it`;
  }
  return undefined;
}

function toPriority(letter: string | undefined): TaskPriority {
  if (letter === 'A') return 'urgent';
  if (letter === 'B') return 'high';
  return letter === undefined || letter === 'C' ? 'medium' : 'low';
}

function endOfDay(date: string): Date {
  return new Date(`${date}T23:59:59Z`);
}

/** Cuts at the last space that fits, else between two characters as a reader sees them. */
function splitTitle(text: string): [title: string, overflow: string] {
  if (text.length <= TITLE_LIMIT) return [text, ''];
  const room = TITLE_LIMIT - 1;
  const space = text.lastIndexOf(' ', room);
  const graphemes = new Intl.Segmenter().segment(text);
  const cut = space > 0 ? space : graphemes.containing(room)?.index || room;
  return [`${text.slice(0, cut)}…`, `…${text.slice(cut).trimStart()}`];
}
