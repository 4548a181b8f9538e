import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

import { late, within } from './reading.js';

/** What a gauge reads at a scrape: nothing when it is not known at present. */
export type Samples = Iterable<{ readonly labels?: Readonly<Record<string, string>>; readonly value: number }>;

export interface MetricName {
  readonly name: string;
  readonly help: string;
  /** Names whose values are few and known beforehand: never an id, never what a client sent. */
  readonly labels?: readonly string[];
}

/** Probes get so many milliseconds in a scrape; a dependency that does not answer by then counts as down. */
const patience = 1_000;

/** The process's metrics, in a registry of its own, as Prometheus reads them. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #dependencies = new Map<string, () => boolean | Promise<boolean>>();

  constructor(app: 'api' | 'worker', release: string) {
    collectDefaultMetrics({ register: this.#registry });
    this.gauge(
      { name: 'contextflow_build_info', help: 'Always 1; the labels say what runs.', labels: ['app', 'release'] },
      () => [{ labels: { app, release }, value: 1 }],
    );
    this.gauge(
      {
        name: 'contextflow_up',
        help: 'Whether the dependency answers this process (1) or not (0).',
        labels: ['dependency'],
      },
      () =>
        Promise.all(
          [...this.#dependencies].map(async ([dependency, answers]) => {
            const answer = await within(patience, Promise.resolve(answers())).catch(() => false);
            return { labels: { dependency }, value: answer === late ? 0 : Number(answer) };
          }),
        ),
    );
  }

  /** A server that the process cannot do its work without. */
  dependency(name: string, answers: () => boolean | Promise<boolean>): void {
    this.#dependencies.set(name, answers);
  }

  counter({ name, help, labels = [] }: MetricName): Counter {
    return new Counter({ name, help, labelNames: [...labels], registers: [this.#registry] });
  }

  histogram({ name, help, labels = [], buckets }: MetricName & { readonly buckets: readonly number[] }): Histogram {
    return new Histogram({
      name,
      help,
      labelNames: [...labels],
      buckets: [...buckets],
      registers: [this.#registry],
    });
  }

  /** A gauge that is read at each scrape, and absent when the reading fails. A slow one belongs into a `Reading`. */
  gauge({ name, help, labels = [] }: MetricName, read: () => Samples | undefined | Promise<Samples | undefined>): void {
    const gauge: Gauge = new Gauge({
      name,
      help,
      labelNames: [...labels],
      registers: [this.#registry],
      collect: async () => {
        const samples = (await attempted(read)) ?? [];
        gauge.reset();
        // A gauge without labels is 0 after a reset, which would be a lie.
        if (labels.length === 0) gauge.remove();
        for (const { labels: values = {}, value } of samples) gauge.set(values, value);
      },
    });
  }

  /** All metrics in Prometheus's text format. It asks servers, and waits a second at most for those that are silent. */
  async text(): Promise<string> {
    return this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** The names of all metrics, with their labels. */
  get names(): ReadonlyMap<string, readonly string[]> {
    const described = this.#registry.getMetricsAsArray() as unknown as { name: string; labelNames: string[] }[];
    return new Map(described.map(({ name, labelNames }) => [name, labelNames]));
  }
}

async function attempted<T>(read: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch {
    return undefined;
  }
}
