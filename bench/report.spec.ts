import { describe, expect, it } from '@jest/globals';

import { chart } from './chart.js';
import { goalText, markdown, number, screen, withFigures, type Report } from './report.js';
import type { Row } from './row.js';
import { failureOf, resultOf, type Verdict } from './verdict.js';

const row: Row = {
  name: 'accept',
  title: 'accept: POST /tasks',
  unit: 'requests/s',
  goals: [
    { of: 'ContextFlow', against: 'plain Nest', atLeast: 6 },
    { of: 'ContextFlow', against: 'raw HTTP', atLeast: 0.75 },
  ],
  notes: ['tokens of 1,000 users'],
  measure: () => Promise.resolve({}),
};
const latency: Row = {
  ...row,
  name: 'latency-idle',
  unit: 'ms',
  goals: [{ of: 'p50', atMost: 6 }],
  notes: [],
};
const figures = {
  ContextFlow: [6_000, 7_000, 8_000],
  'plain Nest': [1_000, 1_000, 1_000],
  'raw HTTP': [10_000, 10_000, 20_000],
};

const report = (...results: Report['results']): Report => ({
  circumstances: {
    date: '2026-03-01',
    commit: 'abc1234',
    mode: 'full',
    rounds: 3,
    cores: 2,
    processor: 'some processor',
    memoryGiB: 8,
    versions: { Node: '24.21.0' },
    durability: { fsync: 'on' },
    load: [0.5, 2],
  },
  results,
});

describe('A verdict', () => {
  it('compares with the reference round by round, and takes the median', () => {
    const { verdicts } = resultOf(row, figures);
    expect(verdicts.map(({ reached, met }) => [reached.median, met])).toEqual([
      [7, true],
      [0.6, false],
    ]);
  });

  it('compares a figure that has no reference with the goal itself', () => {
    const met = (p50: number): boolean | undefined => resultOf(latency, { p50: [p50] }).verdicts[0]?.met;
    expect([met(5), met(6), met(6.1)]).toEqual([true, true, false]);
  });

  it('cannot be about somebody who was not measured', () => {
    expect(() => resultOf(row, { ContextFlow: [1] })).toThrow('a goal is about "plain Nest"');
  });
});

describe('The report', () => {
  it('tells median, spread, goal and whether it was reached, also where it was not', () => {
    const text = markdown(report(resultOf(row, figures)));
    expect(text).toContain('ContextFlow 7,000 (6,000 – 8,000)<br>plain Nest 1,000 (1,000 – 1,000)');
    expect(text).toContain('| ContextFlow ≥ 6 × plain Nest | 7 × (6 – 8) | ✔ |');
    expect(text).toContain('| ContextFlow ≥ 0.75 × raw HTTP | 0.6 × (0.4 – 0.7) | ✘ |');
  });

  it('tells where, when and on what it was measured, and what is to be known', () => {
    const text = markdown(report(resultOf(row, figures)));
    for (const fact of ['2026-03-01', 'abc1234', '2 cores', 'Node 24.21.0', 'fsync on', 'tokens of 1,000 users'])
      expect(text).toContain(fact);
  });

  it('keeps a row that has failed, with the reason', () => {
    const failed = report(failureOf(row, new Error('the broker is gone\nand more')));
    expect(markdown(failed)).toContain('| failed: the broker is gone | | | ✘ |');
    expect(screen(failed)).toContain('✘ failed: the broker is gone');
  });

  it('shows the same on a terminal', () => {
    expect(screen(report(resultOf(latency, { p50: [5, 7, 6] })))).toContain('✔ 6 (5 – 7); goal p50 ≤ 6 ms');
  });

  it('says goals in words', () => {
    const verdict = { goal: { of: 'API', atMost: 1.5 } } as Verdict;
    expect(goalText(verdict, 's')).toBe('API ≤ 1.5 s');
  });

  it('writes numbers with as many digits as count', () => {
    expect([12_345.6, 123.45, 12.345, 1.2345, 0.0123456, 0].map(number)).toEqual([
      '12,346',
      '123',
      '12.3',
      '1.23',
      '0.012',
      '0',
    ]);
  });
});

describe('A page of the documentation', () => {
  const page = (text: string): string => `before\n<!-- figures -->\n\n${text}\n\n<!-- end of figures -->\nafter`;

  it('gets new figures in the place of the old ones, and stays as it is beside them', () => {
    expect(withFigures(page('old'), 'new')).toBe(page('new'));
  });

  it('has to say where its figures are', () => {
    expect(() => withFigures('no marks', 'new')).toThrow('<!-- figures -->');
  });
});

describe('The chart', () => {
  it('shows each goal, and how far it was reached', () => {
    const svg = chart(report(resultOf(row, figures)));
    expect(svg.match(/<rect class="(met|missed)"/g)).toEqual(['<rect class="met"', '<rect class="missed"']);
    expect(svg).toContain('accept · ≥ 6 × plain Nest');
  });

  it('is a whole picture however many rows have failed', () => {
    expect(chart(report(failureOf(row, new Error('gone'))))).toMatch(/^<svg [^]*<\/svg>\n$/);
  });

  it('escapes what names and texts contain', () => {
    expect(chart(report(resultOf({ ...row, name: 'a<b&c' }, figures)))).toContain('a&lt;b&amp;c');
  });
});
