import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';

import { newId } from '#kernel';
import type { AppProcess } from '#testing/app-process.js';
import { eventually } from '#testing/eventually.js';
import { itInFull } from '#testing/fault-profile.js';
import { Lab } from '#testing/lab.js';
import { compiledMain, projectRoot } from '#testing/project.js';
import { startOwnPostgres, type PrivatePostgres } from '#testing/servers.js';
import { firstTold, type ToldEvent } from '#testing/told-events.js';

describe('Events reach whoever is bound to their exchange', () => {
  let lab: Lab;
  let restored: PrivatePostgres | undefined;
  const told: ToldEvent[] = [];
  /** Commands that the lab has not sent itself. */
  const smuggled: string[] = [];

  beforeAll(async () => {
    lab = await Lab.with({ workers: 0 });
    await lab.broker.overhearEvents(({ body }) => told.push(JSON.parse(body.toString('utf8')) as ToldEvent));
  });
  afterAll(async () => {
    await lab?.close();
    await restored?.remove();
  });

  const says = (worker: AppProcess, what: RegExp): Promise<unknown> =>
    eventually(`it says ${what}`, () => worker.log().some(({ message }) => what.test(message)), {
      within: 20_000,
      every: 100,
    });
  const reminders = async (): Promise<number> =>
    (await lab.database.one<{ n: number }>('select count(*)::int as n from platform.scheduled_commands')).n;
  const dueIn = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

  it('F20: again where the relay died after the broker had confirmed and before it had written that down', async () => {
    const dying = await lab.worker({ FAILPOINTS: 'relay.before_checkpoint=kill@3' });
    const load = lab.load({ tasks: 60, concurrency: 4 });
    expect(await dying.exited).toMatchObject({ signal: 'SIGKILL' });
    await lab.worker();
    await load.finished;
    await lab.check();
    expect(told.length).toBeGreaterThan(firstTold(told).length);
  });

  it('F19: later where a transaction goes on writing, which the worker says; none is skipped', async () => {
    const [worker] = lab.workers as [AppProcess];
    const slow = new pg.Client({ connectionString: lab.database.url, application_name: 'a slow import' });
    await slow.connect();
    await slow.query('begin');
    await slow.query('select pg_current_xact_id()');
    const before = firstTold(told).length;
    const load = lab.load({ concurrency: 4, perSecond: 20 });
    try {
      await says(worker, /have waited for \d+ s to be relayed: server process \d+ \(a slow import\)/);
      expect(firstTold(told).length).toBe(before);
      await slow.query('commit');
    } finally {
      await load.stop();
      await slow.end();
    }
    await lab.check();
  });

  it('F23: through a queue that somebody deleted, too: it is declared again and filled', async () => {
    const owner = lab.client(newId());
    const remind = async (): Promise<void> => {
      const { command_id } = await owner.command('/tasks', { title: 'Pay the rent', due_date: dueIn(3) });
      smuggled.push(command_id);
    };
    const before = await reminders();
    await remind();
    await eventually('the policy has acted', async () => (await reminders()) === before + 1);
    await lab.broker.deleteQueue(lab.broker.topology.eventQueue('tasks'));
    await remind();
    await eventually('the policy has acted again', async () => (await reminders()) === before + 2, { within: 20_000 });
  });

  itInFull(
    'F35: in a database that was restored into another cluster, once a new era was begun, and none again',
    async () => {
      await lab.end();
      const before = told.length;
      restored = await startOwnPostgres('restored');
      await lab.moveDatabase(restored.url);
      const worker = await lab.worker();
      await says(worker, /restored into another Postgres cluster.* log new-era/);
      await promisify(execFile)(process.execPath, [compiledMain('cli'), 'log', 'new-era'], {
        cwd: projectRoot,
        env: { ...process.env, NODE_ENV: 'test', NODE_OPTIONS: '', DATABASE_URL: lab.database.url },
      });
      await lab.api();
      await lab.load({ tasks: 10, concurrency: 4 }).finished;
      await lab.verify({ smuggled });
      const since = told.slice(before).filter(({ streamtype }) => streamtype !== 'system.service');
      expect(since).toHaveLength(30);
      expect(firstTold(told).filter(({ id }) => since.some((event) => event.id === id))).toHaveLength(30);
    },
  );
});
