import { goalText, number, type Report } from './report.js';
import type { Verdict } from './verdict.js';

const width = 860;
const labels = 380;
const line = 26;
const top = 40;
/** Where the goal is; the scale is logarithmic, one tenfold to each side. */
const middle = labels + (width - labels - 90) / 2;
const tenfold = (width - labels - 90) / 2;

/**
 * A bar for each goal: to the right of the line it was reached, to the left it was not, and how far is how many times
 * better or worse the figure was than the goal. A tick shows the reference, where there is one.
 */
export function chart({ results, circumstances }: Report): string {
  const bars = results.flatMap(({ name, unit, verdicts }) => verdicts.map((verdict) => ({ name, unit, verdict })));
  const height = top + bars.length * line + 30;
  const lines = bars.map(({ name, unit, verdict }, index) => bar(`${name} · ${short(verdict, unit)}`, verdict, index));
  const caption = `${circumstances.date}, ${circumstances.cores} cores, commit ${circumstances.commit}, ${circumstances.mode}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Each figure against its goal">
<style>
  svg { background: #fff } text { font: 12px sans-serif; fill: #222 } .quiet { fill: #777 }
  .met { fill: #2e8b57 } .missed { fill: #c0504d } .spread { stroke: #222; stroke-opacity: 0.5 }
  .goal { stroke: #222; stroke-width: 1.5 } .reference { stroke: #3465a4; stroke-width: 3 }
</style>
<text x="${middle}" y="16" text-anchor="middle">goal</text>
<text class="quiet" x="${middle - tenfold}" y="16">a tenth</text>
<text class="quiet" x="${middle + tenfold}" y="16" text-anchor="end">ten times better</text>
<line class="goal" x1="${middle}" y1="22" x2="${middle}" y2="${height - 24}"/>
${lines.join('\n')}
<text class="quiet" x="8" y="${height - 8}">${escaped(caption)}. Bar: median; line: least to most; blue: the reference.</text>
</svg>
`;
}

function bar(label: string, { goal, reached, met }: Verdict, index: number): string {
  const y = top + index * line;
  const target = goal.atLeast ?? goal.atMost ?? 1;
  const better = (value: number): number => (goal.atLeast === undefined ? target / value : value / target);
  const x = (value: number): number => round(middle + Math.max(-1, Math.min(1, Math.log10(better(value)))) * tenfold);
  const [from, to] = [x(reached.median), middle].sort((a, b) => a - b) as [number, number];
  const [least, most] = [x(reached.least), x(reached.most)];
  const parts = [
    `<text x="8" y="${y + 13}">${escaped(label)}</text>`,
    `<rect class="${met ? 'met' : 'missed'}" x="${from}" y="${y}" width="${round(Math.max(1, to - from))}" height="18"/>`,
    `<line class="spread" x1="${least}" y1="${y + 9}" x2="${most}" y2="${y + 9}"/>`,
    `<text x="${width - 80}" y="${y + 13}">${number(reached.median)}${goal.against === undefined ? '' : ' ×'}</text>`,
  ];
  if (goal.against !== undefined)
    parts.push(`<line class="reference" x1="${x(1)}" y1="${y}" x2="${x(1)}" y2="${y + 18}"/>`);
  return parts.join('\n');
}

const short = (verdict: Verdict, unit: string): string => goalText(verdict, unit).replace('ContextFlow ', '');

const round = (value: number): number => Math.round(value * 10) / 10;

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
