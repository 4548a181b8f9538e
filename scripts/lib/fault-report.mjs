import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

import { inData } from './project.mjs';

const seconds = (milliseconds) => (milliseconds / 1000).toFixed(1);

/** What came of each row of the fault lab, over all seeds: passed only where it passed with every one of them. */
export class FaultReport {
  #rows = new Map();
  #seeds = [];
  #broken = [];

  constructor(facts) {
    this.facts = facts;
  }

  /** Takes in what Jest has reported of one seed. */
  add(seed, file, ok) {
    this.#seeds.push(seed);
    let result;
    try {
      result = JSON.parse(readFileSync(file, 'utf8'));
    } catch {
      this.#broken.push(`seed ${seed}: Jest ended without a report`);
      return;
    }
    const failedFiles = result.testResults.filter(
      ({ assertionResults, status }) => status === 'failed' && assertionResults.length === 0,
    );
    for (const { name, message } of failedFiles) this.#broken.push(`seed ${seed}: ${name}: ${message.split('\n')[0]}`);
    for (const { assertionResults } of result.testResults) for (const test of assertionResults) this.#take(seed, test);
    if (!ok && this.failed === 0) this.#broken.push(`seed ${seed}: Jest failed`);
  }

  #take(seed, { ancestorTitles, title, status, duration, failureMessages }) {
    const what = [...ancestorTitles, title].join(' › ');
    const number = /\bF\d\d\b/.exec(what)?.[0] ?? '–';
    const row = this.#rows.get(what) ?? { row: number, what: what.replace(/\bF\d\d: /, ''), runs: [] };
    this.#rows.set(what, row);
    const result = { passed: 'passed', failed: 'failed' }[status] ?? 'not run';
    row.runs.push({
      seed,
      result,
      milliseconds: duration ?? 0,
      why: failureMessages[0]?.split('\n').slice(0, 6).join('\n'),
    });
  }

  get rows() {
    const result = (runs) => {
      const failed = runs.filter((run) => run.result === 'failed').map(({ seed }) => seed);
      if (failed.length > 0) return `failed with seed ${failed.join(', ')}`;
      return runs.every((run) => run.result === 'passed') ? 'passed' : 'not run';
    };
    return [...this.#rows.values()]
      .map(({ row, what, runs }) => ({
        row,
        what,
        seeds: runs.map(({ seed }) => seed),
        result: result(runs),
        seconds: Number(seconds(Math.max(...runs.map(({ milliseconds }) => milliseconds)))),
        failures: runs.filter(({ why }) => why).map(({ seed, why }) => ({ seed, why })),
      }))
      .sort((a, b) => a.row.localeCompare(b.row));
  }

  get failed() {
    return this.rows.filter(({ result }) => result.startsWith('failed')).length + this.#broken.length;
  }

  get markdown() {
    const { postgres, rabbitmq, node, cores } = this.facts;
    const lines = this.rows.map(
      ({ row, what, seeds, result, seconds: took }) => `| ${row} | ${what} | ${seeds.length} | ${result} | ${took} |`,
    );
    return [
      `RabbitMQ ${rabbitmq}, Postgres ${postgres}, Node ${node}, ${cores} cores; seeds ${this.#seeds.join(', ')}.`,
      '',
      '| row | what | seeds | result | seconds, at most |',
      '| --- | ---- | ----- | ------ | ---------------- |',
      ...lines,
      ...this.#broken.map((sentence) => `\n${sentence}`),
      '',
    ].join('\n');
  }

  /** @returns the file of the table; the same, with what failed, is beside it as JSON */
  write(name) {
    mkdirSync(inData('faults'), { recursive: true });
    const file = inData('faults', `${name}.md`);
    writeFileSync(file, this.markdown);
    const all = { ...this.facts, rows: this.rows, broken: this.#broken };
    writeFileSync(inData('faults', `${name}.json`), JSON.stringify(all, undefined, 2));
    return file;
  }
}
