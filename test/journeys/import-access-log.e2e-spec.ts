import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import { accessToken } from '#testing/access-tokens.js';
import type { Client } from '#testing/client.js';
import { eventually } from '#testing/eventually.js';
import { profiled } from '#testing/fault-profile.js';
import { Lab } from '#testing/lab.js';
import { dataFolder, projectRoot } from '#testing/project.js';

import { accessLog } from '../../examples/import-access-log/generate.js';

interface Import {
  readonly process: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
}

interface Earned {
  readonly currency: string;
  readonly model: string;
  readonly weighting: string;
  readonly partner: string;
  readonly earned: string;
}

const program = `${projectRoot}/dist/examples/import-access-log/main.js`;
const verify = readFileSync(`${projectRoot}/examples/import-access-log/verify.sql`, 'utf8');
/** Ends now, so that it need not be moved. */
const lines = accessLog(profiled({ short: 600, full: 10_000 }), undefined, Math.floor(Date.now() / 1000) - 60);

const patience = profiled({ short: 60_000, full: 600_000 });

describe('Importing an access log', () => {
  let lab: Lab;
  let admin: Client;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(dataFolder(), 'access-log-'));
    writeFileSync(join(folder, 'access.log.gz'), gzipSync(lines.join('\n')));
    lab = await Lab.with({ workers: 2 });
    admin = lab.client(newId(), { roles: ['admin'] });
  });
  afterAll(async () => {
    await lab?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function run(): Import {
    const url = `http://127.0.0.1:${lab.apis[0]?.port}/api/v1`;
    const args = ['--url', url, '--concurrency', '2', '--chart', join(folder, 'report.svg')];
    const child = spawn(process.execPath, [program, ...args, join(folder, 'access.log.gz')], {
      env: { ...process.env, CONTEXTFLOW_TOKEN: accessToken(admin.userId, ['admin']), NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const ended = Promise.all([exit, text(child.stdout), text(child.stderr)]);
    return { process: child, ended: ended.then(([code, out, err]) => ({ code, output: out + err })) };
  }

  const events = async (): Promise<number> =>
    (await lab.database.one<{ n: number }>('select count(*)::int as n from tracking.tracking_events')).n;

  async function earnedBy(model: string, weighting: string, currency: string): Promise<Earned[]> {
    const query = new URLSearchParams({ group_by: 'partner', model, weighting, currency });
    const { body } = await admin.get(`/attribution/reports?${query.toString()}`);
    const { items } = body as { items: { key: string; attributed_value: string }[] };
    return items
      .map(({ key, attributed_value: earned }) => ({ currency, model, weighting, partner: key, earned }))
      .sort((a, b) => (a.partner < b.partner ? -1 : 1));
  }

  /** Of every currency, model and weighting, in the order of the independent check. */
  async function reported(expected: readonly Earned[]): Promise<Earned[]> {
    const asked = new Map(expected.map((row) => [`${row.currency} ${row.model} ${row.weighting}`, row]));
    const all = [...asked.values()].map(({ model, weighting, currency }) => earnedBy(model, weighting, currency));
    return (await Promise.all(all)).flat();
  }

  it(
    'makes reports that plain SQL over its lines agrees with, to the cent, killed half-way, with a worker, or not',
    async () => {
      const expected = await lab.database.query<Earned>(verify, [lines, 'shop.example', '/thank-you', '/download']);
      expect(new Set(expected.map((row) => `${row.currency} ${row.model} ${row.weighting}`)).size).toBe(20);

      const killed = run();
      await eventually('some is imported', async () => (await events()) >= 100, { every: 5 });
      killed.process.kill('SIGKILL');
      await Promise.all([killed.ended, lab.workers[0]?.crash()]);

      const whole = await run().ended;
      expect(whole).toMatchObject({ code: 0, output: expect.stringContaining('What partners earned') });
      const byPartner = (rows: readonly Earned[]) => new Set(rows.map((row) => JSON.stringify(row)));
      expect(byPartner(await reported(expected))).toEqual(byPartner(expected));
      expect(readFileSync(join(folder, 'report.svg'), 'utf8')).toContain('search.example');

      const count = await events();
      const again = await run().ended;
      expect(again.code).toBe(0);
      expect(again.output.slice(again.output.indexOf('read'))).toBe(whole.output.slice(whole.output.indexOf('read')));
      expect(await events()).toBe(count);
      expect(byPartner(await reported(expected))).toEqual(byPartner(expected));
    },
    patience,
  );
});
