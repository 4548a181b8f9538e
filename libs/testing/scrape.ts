import { HttpClient } from './http-client.js';

/** What one scrape of a process told. */
export interface Scrape {
  /** Names of the metrics, with or without values. */
  readonly names: ReadonlySet<string>;
  /** The sum of the series of that name that have these labels; undefined when there are none. */
  readonly value: (name: string, labels?: Readonly<Record<string, string>>) => number | undefined;
  readonly milliseconds: number;
}

interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Scrapes the metrics of an API or a worker on this machine. */
export async function scrape(port: number, token?: string): Promise<Scrape> {
  const client = new HttpClient(port, 1);
  const began = performance.now();
  try {
    const headers = token === undefined ? undefined : { authorization: `Bearer ${token}` };
    const { status, text } = await client.send({ path: '/metrics', headers });
    const milliseconds = performance.now() - began;
    if (status !== 200) throw new Error(`/metrics was answered ${status}: ${text}`);
    const series = text.split('\n').flatMap(seriesOf);
    return {
      milliseconds,
      names: new Set([...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name as string)),
      value: (name, labels = {}) => {
        const found = series.filter(
          (one) => one.name === name && Object.entries(labels).every(([label, wanted]) => one.labels[label] === wanted),
        );
        return found.length > 0 ? found.reduce((sum, { value }) => sum + value, 0) : undefined;
      },
    };
  } finally {
    client.close();
  }
}

function seriesOf(line: string): Series[] {
  const [, name, labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  if (!name) return [];
  const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label = '', text = '']) => [label, text]);
  return [{ name, labels: Object.fromEntries(pairs) as Record<string, string>, value: Number(value) }];
}
