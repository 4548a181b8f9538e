import { models, type CurrencyReport, type Model } from './report.js';

const colors: Readonly<Record<Model, string>> = {
  first_touch: '#1565c0',
  last_touch: '#6a1b9a',
  linear: '#2e7d32',
  time_decay: '#ef6c00',
  position_based: '#c62828',
};
const bar = 12;
const gap = 16;
const left = 180;
const length = 480;
const top = 56;

/** A bar chart of what each partner earned by each model, as an SVG document: one block a currency. */
export function renderChart(reports: readonly CurrencyReport[]): string {
  let y = top;
  const blocks = reports.map((report) => {
    const block = blockOf(report, y);
    y += heightOf(report);
    return block;
  });
  const legend = models.map(
    (model, n) =>
      `<rect x="${20 + n * 140}" y="16" width="12" height="12" fill="${colors[model]}"/>` +
      text(38 + n * 140, 26, model.replace('_', ' ')),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${left + length + 100} ${y}" font-family="sans-serif" font-size="12">`,
    '<title>What partners earned, by attribution model</title>',
    '<rect width="100%" height="100%" fill="white"/>',
    ...legend,
    ...blocks,
    '</svg>',
    '',
  ].join('\n');
}

const groupHeight = models.length * bar + gap;
const heightOf = ({ earned }: CurrencyReport): number => 28 + earned.size * groupHeight;

function blockOf({ currency, earned }: CurrencyReport, y: number): string {
  const rows = [...earned].sort(([, a], [, b]) => Number(b.linear) - Number(a.linear));
  const most = Math.max(...rows.flatMap(([, row]) => models.map((model) => Number(row[model]))), 1);
  const groups = rows.map(([partner, row], n) => {
    const at = y + 28 + n * groupHeight;
    const bars = models.map((model, m) => {
      const value = row[model];
      const wide = ((Number(value) / most) * length).toFixed(1);
      const middle = at + m * bar;
      return (
        `<rect x="${left}" y="${middle}" width="${wide}" height="${bar - 2}" fill="${colors[model]}"/>` +
        text(left + Number(wide) + 4, middle + 9, value, 9)
      );
    });
    return [text(left - 8, at + (models.length * bar) / 2 + 4, partner, 12, 'end'), ...bars].join('\n');
  });
  return [text(20, y + 12, currency, 14), ...groups].join('\n');
}

/** Partners are whatever stood in the log. */
const escaped = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const text = (x: number, y: number, value: string, size = 12, anchor = 'start'): string =>
  `<text x="${x}" y="${y}" font-size="${size}" text-anchor="${anchor}">${escaped(value)}</text>`;
