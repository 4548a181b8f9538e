import type { Task } from './api-client.js';

const STATUSES = ['in_progress', 'pending', 'completed', 'cancelled'];
const PRIORITIES = ['urgent', 'high', 'medium', 'low'];
const MARGIN = '  ';
const COLUMNS = { priority: 8, due: 10 };
const NARROWEST_TITLE = 20;
const TWO_CELLS = /\p{Emoji_Presentation}|\uFE0F|[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFF01-\uFF60]/u;

export interface ListOptions {
  readonly rows: number;
  readonly width: number;
}

/** The tasks as a table, grouped by status, most urgent first; the rows are shared out among the groups. */
export function renderList(tasks: readonly Task[], { rows, width }: ListOptions): string {
  if (tasks.length === 0) return 'The list is empty.';
  const groups = [...Map.groupBy(tasks, ({ status }) => status)].sort(
    ([a], [b]) => rank(STATUSES, a) - rank(STATUSES, b),
  );
  const shares = shareOut(
    rows,
    groups.map(([, members]) => members.length),
  );
  const room = Math.max(NARROWEST_TITLE, width - COLUMNS.priority - COLUMNS.due - 3 * MARGIN.length);

  return groups
    .map(([status, members], index) => {
      const shown = [...members].sort(byUrgency).slice(0, shares[index]);
      const hidden = members.length - shown.length;
      return [
        `${printable(status).replace('_', ' ').toUpperCase()} (${members.length})`,
        ...(shown.length > 0 ? [row('priority', 'due', 'title', room)] : []),
        ...shown.map((task) => row(task.priority, task.due_date?.slice(0, 10) ?? '', task.title, room)),
        ...(hidden > 0 ? [`${MARGIN}… and ${hidden} more`] : []),
      ].join('\n');
    })
    .join('\n\n');
}

function row(priority: string, due: string, title: string, room: number): string {
  const cells = [printable(priority).padEnd(COLUMNS.priority), printable(due).padEnd(COLUMNS.due)];
  return `${MARGIN}${cells.join(MARGIN)}${MARGIN}${fit(printable(title), room)}`;
}

function byUrgency(a: Task, b: Task): number {
  return (
    rank(PRIORITIES, a.priority) - rank(PRIORITIES, b.priority) ||
    (a.due_date ?? '9999').localeCompare(b.due_date ?? '9999') ||
    a.title.localeCompare(b.title)
  );
}

function rank(order: readonly string[], value: string): number {
  const index = order.indexOf(value);
  return index === -1 ? order.length : index;
}

/** Gives each group as much as it needs, up to an equal share of what the smaller ones leave over. */
function shareOut(rows: number, sizes: readonly number[]): number[] {
  const shares = sizes.map(() => 0);
  let left = rows;
  const smallestFirst = [...sizes.entries()].sort(([, a], [, b]) => a - b);
  for (const [place, [index, size]] of smallestFirst.entries()) {
    const share = Math.min(size, Math.floor(left / (smallestFirst.length - place)));
    shares[index] = share;
    left -= share;
  }
  return shares;
}

/** A title is somebody's text: an escape sequence in it must not reach the terminal. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, ' ');
}

function fit(text: string, room: number): string {
  const characters = [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
  if (widthOf(characters) <= room) return text;
  while (widthOf(characters) >= room) characters.pop();
  return `${characters.join('').trimEnd()}…`;
}

function widthOf(characters: readonly string[]): number {
  return characters.reduce((width, character) => width + (TWO_CELLS.test(character) ? 2 : 1), 0);
}
