/** A column: its heading, and what stands in it. */
export type Column<T> = readonly [heading: string, cell: (row: T) => unknown];

const widest = 60;

/** Rows under headings, for reading. What is long is cut. */
export function table<T>(rows: readonly T[], columns: readonly Column<T>[]): string {
  const lines = [
    columns.map(([heading]) => heading.toUpperCase()),
    ...rows.map((row) => columns.map(([, cell]) => shown(cell(row)))),
  ];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => (line[index] as string).length)));
  return lines
    .map((line) =>
      line
        .map((cell, index) => cell.padEnd(widths[index] as number))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** One thing, a line for each of its fields. */
export const sheet = (view: Readonly<Record<string, unknown>>): string => {
  const width = Math.max(...Object.keys(view).map((name) => name.length));
  return Object.entries(view)
    .map(([name, value]) => `${name.padEnd(width)}  ${indented(full(value), width + 2)}`)
    .join('\n');
};

function shown(value: unknown): string {
  const text = full(value).replaceAll(/\s+/g, ' ');
  return text.length > widest ? `${text.slice(0, widest - 1)}…` : text;
}

function full(value: unknown): string {
  if (value === null || value === undefined || value === '') return '-';
  if (typeof value === 'string') return plain(value);
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return plain(value.join(', '));
  return JSON.stringify(value, undefined, 2);
}

/** What strangers have written must not command the terminal. */
// oxlint-disable-next-line no-control-regex -- They are what is replaced.
const plain = (text: string): string => text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd');

const indented = (text: string, by: number): string => text.replaceAll('\n', `\n${' '.repeat(by)}`);
