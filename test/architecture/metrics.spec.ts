import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from '@jest/globals';

import { Database } from '#platform/database/database.js';
import { ApiGauges } from '#platform/observability/api-gauges.js';
import { ApiMetrics } from '#platform/observability/api-metrics.js';
import { EngineMetrics } from '#platform/observability/engine-metrics.js';
import { Metrics } from '#platform/observability/metrics.js';
import { WorkerGauges } from '#platform/observability/worker-gauges.js';
import { StreamMetrics } from '#platform/realtime/stream-metrics.js';

import { readQuery } from './promql.js';

const root = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string; readonly runbook_url: string };
}

interface Panel {
  readonly title: string;
  readonly type: string;
  readonly targets?: readonly { readonly expr: string }[];
}

interface Dashboard {
  readonly schemaVersion: number;
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
  readonly panels: readonly Panel[];
}

const yaml = parserOf('@nestjs/swagger');
const rules = (yaml(read('deploy/prometheus/contextflow.rules.yml')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  (group) => group.rules,
);
const dashboard = JSON.parse(read('deploy/grafana/contextflow.json')) as Dashboard;
const document = read('docs/metrics.md');
const queries = [
  ...rules.map(({ alert, expr }) => [alert, expr] as const),
  ...dashboard.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr] as const)),
];

describe('The metrics', () => {
  let api: ReadonlyMap<string, readonly string[]>;
  let worker: ReadonlyMap<string, readonly string[]>;
  let all: ReadonlyMap<string, readonly string[]>;

  beforeAll(() => {
    [api, worker] = [apiMetrics(), workerMetrics()];
    all = new Map([...api, ...worker]);
  });

  it.each(queries)('that "%s" asks for exist, with the labels that it uses', (_, expr) => {
    const { selected, grouping } = readQuery(expr.replaceAll('$__rate_interval', '5m'));
    const wrong = selected.flatMap(({ metric, labels }) => {
      const known = labelsOf(all, metric);
      return known ? labels.filter((label) => !known.includes(label)).map((label) => `${metric}{${label}}`) : [metric];
    });
    const labels = selected.flatMap(({ metric }) => labelsOf(all, metric) ?? []);

    expect(wrong).toEqual([]);
    expect(grouping.filter((label) => !labels.includes(label))).toEqual([]);
  });

  it('are all described, and nothing is described that does not exist', () => {
    const described = [...document.matchAll(/^\| `(contextflow_\w+)`/gm)].map(([, name]) => name as string);
    const own = [...all.keys()].filter((name) => name.startsWith('contextflow_'));
    const mentioned = [...document.matchAll(/\b(contextflow_\w+|nodejs_\w+|process_\w+)\b/g)].map(([name]) => name);

    expect(described.toSorted()).toEqual(own.toSorted());
    expect(mentioned.filter((name) => !labelsOf(all, name))).toEqual([]);
  });

  it('are described with their labels', () => {
    const rows = [...document.matchAll(/^\| `(contextflow_\w+)` *\|[^|]*\|([^|]*)\|/gm)];
    const odd = rows.flatMap(([, name = '', cell = '']) => {
      const labels = [...cell.matchAll(/`(\w+)`/g)].map(([, label]) => label as string);
      const real = all.get(name) ?? [];
      return labels.join() === real.join() ? [] : [`${name}: has ${real.join()}, not ${labels.join()}`];
    });

    expect(rows.length).toBeGreaterThan(0);
    expect(odd).toEqual([]);
  });

  it('are named in base units and as Prometheus does', () => {
    const odd = [...all.keys()].filter(
      (name) => name.startsWith('contextflow_') && /_(ms|milliseconds|minutes|kilobytes|mb)\b/.test(name),
    );

    expect(odd).toEqual([]);
  });

  it('have alerts that say what to do, each with a section of its own', () => {
    const sections = [...document.matchAll(/^### (ContextFlow\w+)$/gm)].map(([, name]) => name as string);

    expect(rules.map(({ alert }) => alert).toSorted()).toEqual(sections.toSorted());
    for (const { alert, labels, annotations } of rules) {
      expect(annotations.runbook_url).toBe(`docs/metrics.md#${alert.toLowerCase()}`);
      expect(['warning', 'critical']).toContain(labels.severity);
      expect(annotations.description.length).toBeGreaterThan(60);
      expect(annotations.summary).not.toBe('');
    }
  });

  it('are shown by a dashboard that any data source and instance can be chosen for', () => {
    const { schemaVersion, templating, panels } = dashboard;
    const chosen = templating.list.map(({ name }) => name);
    const unfiltered = queries
      .slice(rules.length)
      .filter(([, expr]) => (expr.match(/job=~"\$job"/g) ?? []).length < readQuery(plain(expr)).selected.length);

    expect(schemaVersion).toBeGreaterThanOrEqual(39);
    expect(chosen).toEqual(['datasource', 'job', 'instance']);
    expect(unfiltered).toEqual([]);
    expect(panels.filter(({ type }) => type === 'row').map(({ title }) => title)).toEqual([
      'Accepting',
      'Handling',
      'Partitions',
      'Events',
      'Read models and streams',
      'Database and broker',
      'Process',
    ]);
  });

  it('have an example of how they are scraped that names the rules', () => {
    expect(yaml(read('deploy/prometheus/prometheus.yml'))).toMatchObject({
      rule_files: ['contextflow.rules.yml'],
      scrape_configs: [{ job_name: 'contextflow' }],
    });
  });
});

describe('A query', () => {
  it.each([
    ['sum(rate(a[5m])', /\) was expected/],
    ['sum(rate(a[5 m]))', /a duration was expected/],
    ['a{b=c}', /a text was expected/],
    ['nonsense(a)', /no function/],
    ['a b', /the end was expected/],
    ['a{b="c"} ?', /cannot be read/],
  ])('such as %s is refused', (text, why) => {
    expect(() => readQuery(text)).toThrow(why);
  });

  it('tells what it selects', () => {
    expect(readQuery('sum by (x) (rate(a{b="1", c=~"2|3"}[5m])) / on (x) d offset 5m > 0.5')).toEqual({
      selected: [
        { metric: 'a', labels: ['b', 'c'] },
        { metric: 'd', labels: [] },
      ],
      grouping: ['x', 'x'],
    });
  });
});

const plain = (expr: string): string => expr.replaceAll('$__rate_interval', '5m');

/** Prometheus itself adds job and instance; a histogram is three series, of which one has `le`. */
function labelsOf(all: ReadonlyMap<string, readonly string[]>, series: string): readonly string[] | undefined {
  const own = all.get(series);
  if (own) return [...own, 'job', 'instance'];
  const [, base = '', part] = /^(\w+)_(bucket|sum|count)$/.exec(series) ?? [];
  const labels = all.get(base);
  return labels && [...labels, 'job', 'instance', ...(part === 'bucket' ? ['le'] : [])];
}

function apiMetrics(): ReadonlyMap<string, readonly string[]> {
  const metrics = new Metrics('api', '1');
  const gauges = new ApiGauges(metrics, {
    database: nowhere(),
    publisher: { connected: false, blocked: false, load: { window: 1, unconfirmed: 0, waiting: 0 } },
    queues: { read: async () => [] },
    outcomes: { waiting: 0 },
    contexts: ['tasks'],
  });
  return namesIn(metrics, gauges, new ApiMetrics(metrics), new StreamMetrics(metrics));
}

function workerMetrics(): ReadonlyMap<string, readonly string[]> {
  const metrics = new Metrics('worker', '1');
  const gauges = new WorkerGauges(metrics, {
    database: nowhere(),
    source: { ready: false },
    replies: { connected: false, blocked: false },
    engine: { partitions: [] },
    contexts: ['tasks'],
    following: { held: [] },
  });
  return namesIn(metrics, gauges, new EngineMetrics(metrics));
}

/** @param _parts what has registered its metrics there */
const namesIn = ({ names }: Metrics, ..._parts: readonly object[]): ReadonlyMap<string, readonly string[]> => names;

function nowhere(): Database {
  return new Database({
    url: 'postgres://nobody@127.0.0.1:9/none',
    applicationName: 'none',
    poolSize: 1,
    acquireTimeout: 1,
    statementTimeout: 1,
    entities: [],
  });
}

/** The YAML parser that a package of ours brings for itself. */
function parserOf(packageName: string): (text: string) => unknown {
  const own = createRequire(import.meta.url);
  const { load } = createRequire(own.resolve(packageName))('js-yaml') as {
    readonly load: (text: string) => unknown;
  };
  return load;
}
