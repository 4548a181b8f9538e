import type { FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';

export const csvType = 'text/csv';

/** How an answer is written as comma-separated values: one line a row, behind one with the names. */
export interface Csv {
  readonly columns: readonly string[];
  readonly rows: (view: never) => readonly object[];
}

/** RFC 4180. */
export function csvOf({ columns, rows }: Csv, view: object): string {
  const lines = rows(view as never).map((row) => columns.map((name) => cell((row as Record<string, unknown>)[name])));
  return [columns.map(cell), ...lines].map((line) => `${line.join(',')}\r\n`).join('');
}

/** Whether whoever asks likes CSV better than JSON. */
export const prefersCsv = ({ headers }: Pick<FastifyRequest, 'headers'>): boolean =>
  headers.accept !== undefined && new Negotiator({ headers }).mediaType(['application/json', csvType]) === csvType;

function cell(value: unknown): string {
  if (typeof value !== 'string') return value === null || value === undefined ? '' : JSON.stringify(value);
  const text = inert(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A spreadsheet takes such a text for a formula, and what strangers have sent would run on the reader's machine. */
const inert = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
