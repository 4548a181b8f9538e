import { describe, expect, it } from '@jest/globals';

import { csvOf, prefersCsv } from './csv.js';

const items = {
  columns: ['key', 'value'],
  rows: ({ items: rows }: { readonly items: readonly object[] }) => rows,
};
const written = (...keys: unknown[]): string =>
  csvOf(items, { items: keys.map((key) => ({ key, value: 1.5, hidden: true })) });

describe('Comma-separated values', () => {
  it('have a line with the names, and one a row', () => {
    expect(written('a', null, undefined, 7, true)).toBe('key,value\r\na,1.5\r\n,1.5\r\n,1.5\r\n7,1.5\r\ntrue,1.5\r\n');
    expect(written()).toBe('key,value\r\n');
  });

  it('hold commas, quotes and line breaks within a text', () => {
    expect(written('a,b', 'say "so"', 'two\r\nlines')).toBe(
      'key,value\r\n"a,b",1.5\r\n"say ""so""",1.5\r\n"two\r\nlines",1.5\r\n',
    );
  });

  it.each(['=HYPERLINK("//x")', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('make no formula of %j', (text) => {
    expect(written(text).split('\r\n').slice(1).join('\r\n').replace(/^"/, '')).toMatch(/^'/);
  });
});

describe('Whoever accepts', () => {
  it.each([
    ['text/csv', true],
    ['text/csv, application/json;q=0.5', true],
    ['application/json;q=0.5, text/csv', true],
    ['text/*', true],
    ['application/json, text/csv', false],
    ['application/json', false],
    ['*/*', false],
    [undefined, false],
  ])('%s gets CSV: %s', (accept, expected) => {
    expect(prefersCsv({ headers: { accept } })).toBe(expected);
  });
});
