/** How a column's values come: `json` whole, a list as Postgres' array, everything else as its text. */
export type CopyKind = 'json' | 'array' | 'text';

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A row in the text format of COPY, with the end of its line. */
export const copyLine = (values: readonly unknown[], kinds: readonly CopyKind[]): string =>
  `${values.map((value, index) => field(value, kinds[index])).join('\t')}\n`;

function field(value: unknown, kind: CopyKind | undefined): string {
  if (value === undefined || value === null) return '\\N';
  return escaped(kind === 'json' ? JSON.stringify(value) : kind === 'array' ? list(value as unknown[]) : text(value));
}

const text = (value: unknown): string =>
  typeof value === 'string' ? value : value instanceof Date ? value.toISOString() : String(value);

const list = (values: readonly unknown[]): string =>
  `{${values.map((value) => (value === null ? 'null' : `"${text(value).replace(/["\\]/g, '\\$&')}"`)).join(',')}}`;

const escaped = (value: string): string =>
  /[\\\n\r\t]/.test(value) ? value.replace(/[\\\n\r\t]/g, (found) => escapes[found] as string) : value;
