import { afterEach, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import { development } from '#platform/config/development.js';
import type { AppProcess } from '#testing/app-process.js';
import { eventually } from '#testing/eventually.js';
import { describeInFull, profiled } from '#testing/fault-profile.js';
import { Lab, type Sent } from '#testing/lab.js';
import { holds } from '#testing/partition-shares.js';
import { lasting } from '#testing/repeatedly.js';

/** In milliseconds: much of it is waiting for the broker to miss heartbeats. */
const longest = 400_000;

let lab: Lab;
afterEach(() => lab?.close());

describeInFull('A partition', () => {
  it(
    'F31: leaves a worker and comes back: nothing is decided on what that one remembers',
    async () => {
      lab = await Lab.with({ workers: 1 });
      const [first] = lab.workers as [AppProcess];
      const client = lab.client(newId());
      const tasks = await Promise.all(
        Array.from({ length: 24 }, (_, n) => lab.send(client, '/tasks', { title: `${n}` })),
      );
      const all = (step: string): Promise<unknown> =>
        Promise.all(tasks.map(({ resourceId }) => lab.send(client, `/tasks/${resourceId}/${step}`)));
      await all('complete');
      await lab.quiesce();

      const second = await lab.worker();
      await holds(lab, second, 'half');
      await all('reopen');
      await lab.quiesce();
      await second.terminate();
      await holds(lab, first, 'all');
      await all('start');
      await lab.verify();
    },
    longest,
  );

  it(
    'F31: is taken from a frozen worker: awake again, it records nothing of what it had begun',
    async () => {
      lab = await Lab.with({ workers: 2 });
      const [frozen, other] = lab.workers as [AppProcess, AppProcess];
      const client = lab.client(newId());
      const tasks = await Promise.all(
        Array.from({ length: 48 }, (_, n) => lab.send(client, '/tasks', { title: `${n}` })),
      );
      const all = (step: string): Promise<unknown> =>
        Promise.all(tasks.map(({ resourceId }) => lab.send(client, `/tasks/${resourceId}/${step}`)));
      await all('complete');
      await lab.quiesce();

      const steps = [...Array.from({ length: 20 }, () => ['reopen', 'complete']).flat(), 'reopen'];
      const sending = (async () => {
        for (const step of steps) await all(step);
      })();
      await lasting(500);
      frozen.kill('SIGSTOP');
      await holds(lab, other, 'all');
      await sending;
      await lab.quiesce({}, 90_000);
      await all('start');
      frozen.kill('SIGCONT');
      await all('complete');
      await holds(lab, frozen, 'half');
      await lab.verify();
    },
    longest,
  );

  it(
    'F33: changes its worker while a lane of it is blocked: what comes meanwhile waits, and follows in order',
    async () => {
      lab = await Lab.with({ workers: 0 });
      const client = lab.client(newId());
      const poison = await lab.send(client, '/tasks', { title: 'poison' });
      const waiting: Sent[] = [];
      const change = async (): Promise<void> => {
        const body = { title: `change ${waiting.length}` };
        waiting.push(await lab.send(client, `/tasks/${poison.resourceId}`, body, 'PATCH'));
      };
      const load = lab.load({ concurrency: 8, perSecond: 50 });
      const environment = {
        ATTEMPT_DELAYS: 'none',
        FAILPOINTS: `engine.before_handle(${poison.commandId})=throw`,
      };
      let worker = await lab.worker(environment);
      await client.outcome(poison.commandId, ['dead'], { within: 30_000 });
      for (let round = 0; round < profiled({ short: 1, full: 8 }); round++) {
        await change();
        const next = lab.worker(environment);
        await change();
        if (round % 2 === 0) await worker.crash();
        else await worker.terminate();
        await change();
        worker = await next;
        await holds(lab, worker, 'all');
        await change();
      }
      await load.stop();
      await lab.check({ dead: [poison.commandId], blocked: waiting.map(({ commandId }) => commandId) });

      await lab.worker();
      await lab.operate(`/parked/${poison.commandId}/retry`);
      await change();
      await worker.terminate();
      await change();
      await lab.verify();
    },
    longest,
  );
});

describeInFull('A worker', () => {
  it('F27: finds 500 commands for one task at once: all are applied, in order', async () => {
    lab = await Lab.with({ workers: 0 });
    const client = lab.client(newId());
    const task = await lab.send(client, '/tasks', { title: 'change 0' });
    for (let n = 1; n < 500; n++)
      await lab.send(client, `/tasks/${task.resourceId}`, { title: `change ${n}` }, 'PATCH');
    await lab.worker();
    await lab.verify();
    const titles = await lab.database.query<{ title: string }>(
      `select data->>'title' as title from platform.events where stream_id = $1 order by version`,
      [task.resourceId],
    );
    expect(titles.map(({ title }) => title)).toEqual(Array.from({ length: 500 }, (_, n) => `change ${n}`));
  });

  it('F32: meets a command whose statement is ended by its timeout: that one is parked, and nobody else stops', async () => {
    lab = await Lab.with({ workers: 0 });
    const client = lab.client(newId());
    const { commandId } = await lab.send(client, '/tasks', { title: 'too much' });
    // In short, the server says at once what it would say after 15 seconds.
    const toolong = profiled({ short: `raise exception using errcode = '57014'`, full: 'perform pg_sleep(20)' });
    await lab.database.query(
      `create function too_slow() returns trigger language plpgsql as $$
       begin if new.metadata->>'command_id' = '${commandId}' then ${toolong}; end if; return new; end $$`,
    );
    await lab.database.query(
      'create trigger slow before insert on platform.events for each row execute function too_slow()',
    );
    await lab.worker({ ATTEMPT_DELAYS: 'none' });
    const load = lab.load({ concurrency: 16, tasks: 100 });
    await load.finished;
    await client.outcome(commandId, ['dead'], { within: profiled({ short: 30_000, full: 300_000 }) });
    await lab.verify({ dead: [commandId] });
  }, 400_000);

  it('F17: blocks its event loop for 40 seconds: its commands are redelivered meanwhile, with one effect', async () => {
    lab = await Lab.with({ workers: 0 });
    const blocked = await lab.worker({ FAILPOINTS: 'engine.before_handle=spin:40000@100' });
    const other = await lab.worker();
    const load = lab.load({ concurrency: 32, perSecond: 100 });
    await holds(lab, other, 'all');
    await load.reaches(load.accepted + 500);
    await holds(lab, blocked, 'half');
    await load.stop();
    await lab.verify();
  });

  it('F21: does not know a newer release’s commands: they wait, those behind them too, until it is there', async () => {
    lab = await Lab.with({ workers: 1 });
    const [old] = lab.workers as [AppProcess];
    const newer = { ENVELOPE_KEYS: `newer:${'n'.repeat(40)},${development.envelopeKeys}` };
    const [before] = lab.apis as [AppProcess];
    const after = await lab.api(newer);
    const userId = newId();
    const known = lab.client(userId, { api: before });
    const unknown = lab.client(userId, { api: after });

    const tasks = await Promise.all(
      Array.from({ length: 20 }, (_, n) => lab.send(unknown, '/tasks', { title: `Task ${n}` })),
    );
    for (const { commandId } of tasks) await known.outcome(commandId, ['retrying']);
    // The release is rolled back for a while.
    const started = await Promise.all(tasks.map(({ resourceId }) => lab.send(known, `/tasks/${resourceId}/start`)));
    for (const { commandId } of started) await known.outcome(commandId, ['blocked']);
    await lab.load({ tasks: 20 }).finished;

    await lab.worker(newer);
    await old.terminate();
    for (const { resourceId } of tasks) await lab.send(unknown, `/tasks/${resourceId}/complete`);
    await lab.verify();
  });

  it('F26: finds a backlog: it is drained steadily, and memory stays flat', async () => {
    const backlog = profiled({ short: 1_500, full: 100_000 });
    lab = await Lab.with({ apis: 0, workers: 0 });
    await lab.api({ BACKLOG_LIMIT: String(2 * backlog) });
    await lab.load({ tasks: Math.ceil(backlog / 3), concurrency: 64 }).finished;
    const workers = [await lab.worker(), await lab.worker()];
    const settled = async (): Promise<number> =>
      (await lab.database.one<{ n: number }>('select count(*)::int as n from platform.commands')).n;
    const memory = (): number => Math.max(...workers.map((worker) => worker.usage()?.memory ?? 0));
    const drained: { readonly memory: number; readonly seconds: number }[] = [];
    for (let tenth = 1; tenth <= 10; tenth++) {
      const began = performance.now();
      await eventually(`${tenth} tenths are drained`, async () => (await settled()) >= (backlog * tenth) / 10, {
        within: 120_000,
        every: 20,
      });
      drained.push({ memory: memory(), seconds: (performance.now() - began) / 1000 });
    }
    await lab.verify();
    // Until half of it is done caches fill: each partition holds the state of 2,000 aggregates.
    const memories = drained.slice(4).map((tenth) => tenth.memory);
    const most = (memories[0] as number) + 64;
    expect(memories.filter((mebibytes) => mebibytes >= most)).toEqual([]);
    const pace = drained.map(({ seconds }) => seconds).toSorted((a, b) => a - b);
    if (profiled({ short: false, full: true })) expect(pace.at(-1)).toBeLessThan(6 * (pace[4] as number));
  }, 900_000);
});
