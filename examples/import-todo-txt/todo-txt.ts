export interface TodoItem {
  readonly done: boolean;
  readonly priority?: string;
  readonly completedOn?: string;
  readonly createdOn?: string;
  readonly due?: string;
  /** Everything else in its order, projects and contexts included, without the `key:value` pairs. */
  readonly text: string;
  readonly tags: readonly (readonly [key: string, value: string])[];
}

const DONE = /^x\s+/;
const PRIORITY = /^\(([A-Z])\)\s+/;
const DATE = /^(\d{4}-\d{2}-\d{2})(?:\s+|$)/;
const KEY_VALUE = /^(\p{L}[\p{L}\p{N}_-]*):(?!\/\/)([^\s:]+)$/u;

/** Reads one line by the rules of github.com/todotxt/todo.txt. Every string is a valid line; none throws. */
export function parseTodo(line: string): TodoItem {
  let rest = line;
  const take = (pattern: RegExp, accepts: (value: string) => boolean = () => true): string | undefined => {
    const found = pattern.exec(rest);
    if (!found || !accepts(found[1] ?? '')) return undefined;
    rest = rest.slice(found[0].length);
    return found[1] ?? '';
  };

  const done = take(DONE) !== undefined;
  const written = take(PRIORITY);
  const completedOn = done ? take(DATE, isCalendarDate) : undefined;
  const createdOn = take(DATE, isCalendarDate);

  let due: string | undefined;
  let kept: string | undefined;
  const words: string[] = [];
  const tags: [string, string][] = [];
  for (const word of rest.split(/\s+/)) {
    const [, key, value] = KEY_VALUE.exec(word) ?? [];
    if (key === undefined || value === undefined) words.push(word);
    else if (key === 'due' && due === undefined && isCalendarDate(value)) due = value;
    else if (key === 'pri' && kept === undefined && written === undefined && /^[A-Z]$/.test(value)) kept = value;
    else tags.push([key, value]);
  }
  return { done, priority: written ?? kept, completedOn, createdOn, due, text: words.join(' ').trim(), tags };
}

function isCalendarDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
