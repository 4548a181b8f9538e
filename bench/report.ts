import { summary } from './statistics.js';
import type { Result, Verdict } from './verdict.js';

/** Under what circumstances the figures came about. */
export interface Circumstances {
  readonly date: string;
  readonly commit: string;
  readonly mode: 'full' | 'quick';
  readonly rounds: number;
  readonly cores: number;
  readonly processor: string;
  readonly memoryGiB: number;
  readonly versions: Readonly<Record<string, string>>;
  /** What the servers say of how they keep what they have confirmed. */
  readonly durability: Readonly<Record<string, string>>;
  /** Processes that wanted to run when it began and when it ended: more than a few, and others were at work as well. */
  readonly load: readonly number[];
}

export interface Report {
  readonly circumstances: Circumstances;
  readonly results: readonly Result[];
}

/** The table of figures, goals and notes. */
export function markdown({ circumstances, results }: Report): string {
  const lines = [
    '| what | unit | figures: median (least – most) | goal | reached | |',
    '| --- | --- | --- | --- | --- | --- |',
  ];
  for (const result of results) lines.push(...tableLines(result));
  const notes = results.flatMap(({ notes: of, name }) => of.map((note) => `- ${name}: ${note}`));
  return [described(circumstances), lines.join('\n'), notes.join('\n')].filter(Boolean).join('\n\n');
}

/** The same for a terminal. */
export function screen({ results }: Report): string {
  return results.map((result) => [result.title, ...screenLines(result)].join('\n    ')).join('\n');
}

const begin = '<!-- figures -->';
const end = '<!-- end of figures -->';

/**
 * A page with other figures between its two marks.
 * @throws Error when it has no such marks
 */
export function withFigures(page: string, text: string): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the page has no place for figures: write ${begin} and ${end} into it`);
  return `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`;
}

/** The goal in words, such as `≥ 6 × plain Nest`. */
export function goalText({ goal }: Verdict, unit: string): string {
  const { of, against, atLeast, atMost } = goal;
  const bound = atLeast === undefined ? `≤ ${number(atMost ?? 0)}` : `≥ ${number(atLeast)}`;
  return against === undefined ? `${of} ${bound} ${unit}` : `${of} ${bound} × ${against}`;
}

/** With three digits that count, and thousands apart. */
export function number(value: number): string {
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return Number(value.toFixed(Math.min(3, digits))).toLocaleString('en-US', { maximumFractionDigits: 3 });
}

export const sign = (met: boolean): string => (met ? '✔' : '✘');

function tableLines({ title, unit, figures, verdicts, failure }: Result): string[] {
  if (failure !== undefined) return [`| ${title} | ${unit} | failed: ${failure.split('\n')[0]} | | | ✘ |`];
  const all = Object.entries(figures).map(([name, values]) => `${name} ${spread(values)}`);
  const first = `| ${title} | ${unit} | ${all.join('<br>')}`;
  return verdicts.map(
    (verdict, index) =>
      `${index === 0 ? first : '| | |'} | ${goalText(verdict, unit)} | ${reached(verdict)} | ${sign(verdict.met)} |`,
  );
}

function screenLines({ unit, figures, verdicts, failure }: Result): string[] {
  if (failure !== undefined) return [`✘ failed: ${failure}`];
  return [
    ...Object.entries(figures).map(([name, values]) => `${name}: ${spread(values)} ${unit}`),
    ...verdicts.map((verdict) => `${sign(verdict.met)} ${reached(verdict)}; goal ${goalText(verdict, unit)}`),
  ];
}

function spread(values: readonly number[]): string {
  const { median, least, most } = summary(values);
  return values.length > 1 ? `${number(median)} (${number(least)} – ${number(most)})` : number(median);
}

function reached({ goal, reached: { median, least, most } }: Verdict): string {
  const times = goal.against === undefined ? '' : ' ×';
  return least === most
    ? `${number(median)}${times}`
    : `${number(median)}${times} (${number(least)} – ${number(most)})`;
}

function described({
  date,
  commit,
  mode,
  rounds,
  cores,
  processor,
  memoryGiB,
  versions,
  durability,
  load,
}: Circumstances) {
  const listed = (map: Readonly<Record<string, string>>) =>
    Object.entries(map)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ');
  return (
    `${date}, commit ${commit}; ${mode}, ${rounds} rounds; ${cores} cores (${processor}), ${number(memoryGiB)} GiB; ` +
    `load average ${load.map(number).join(' → ')}. ${listed(versions)}. ${listed(durability)}.`
  );
}
