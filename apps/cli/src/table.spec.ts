import { describe, expect, it } from '@jest/globals';

import { sheet, table } from './table.js';

describe('A table', () => {
  it('has its columns under each other, and a dash where nothing is', () => {
    const rows = [
      { id: 'a', error: 'no scales' },
      { id: 'longer', error: null },
    ];
    expect(
      table(rows, [
        ['id', ({ id }) => id],
        ['error', ({ error }) => error],
      ]),
    ).toBe('ID      ERROR\na       no scales\nlonger  -');
  });

  it('cuts what is long, and keeps what strangers wrote from commanding the terminal', () => {
    const text = table([{ text: `\u001b[2J\n${'x'.repeat(100)}` }], [['text', (row) => row.text]]);
    expect(text).toBe(`TEXT\n\ufffd[2J ${'x'.repeat(54)}…`);
  });
});

describe('A sheet', () => {
  it('shows all of a thing, a line for each field', () => {
    expect(sheet({ id: 'a', slots: ['one', 'two'], payload: { title: 'x' } })).toBe(
      'id       a\nslots    one, two\npayload  {\n           "title": "x"\n         }',
    );
  });
});
