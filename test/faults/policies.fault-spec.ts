import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import { eventually } from '#testing/eventually.js';
import { describeInFull, itInFull } from '#testing/fault-profile.js';
import { Lab } from '#testing/lab.js';
import { OwnServers } from '#testing/servers.js';

const oneDay = 24 * 3_600_000;
const remindAfter = (milliseconds: number): string => new Date(Date.now() + oneDay + milliseconds).toISOString();

let lab: Lab;

/** Tasks that exist, with a due date. */
async function tasksDue(count: number, dueDate: string): Promise<string[]> {
  const client = lab.client(newId());
  await eventually(
    'the API has the broker',
    async () => (await client.http.send({ path: '/health/events' })).status === 200,
  );
  const created = await Promise.all(
    Array.from({ length: count }, (_, n) => client.command('/tasks', { title: `Task ${n}`, due_date: dueDate })),
  );
  return created.map(({ resource_id: id }) => id);
}

/** How many of those events each of the tasks has. */
async function counts(taskIds: readonly string[], type: string): Promise<number[]> {
  const rows = await lab.database.query<{ stream_id: string; count: number }>(
    `select stream_id, count(*)::int as count from platform.events where stream_id = any($1) and type = $2 group by 1`,
    [taskIds, type],
  );
  const byTask = new Map(rows.map(({ stream_id: id, count }) => [id, count]));
  return taskIds.map((id) => byTask.get(id) ?? 0);
}

const once = (taskIds: readonly string[]): number[] => taskIds.map(() => 1);

const scheduled = async (taskIds: readonly string[]): Promise<number> =>
  (
    await lab.database.one<{ count: number }>(
      'select count(*)::int as count from platform.scheduled_commands where lane = any($1)',
      [taskIds],
    )
  ).count;

const allScheduled = (taskIds: readonly string[]): Promise<unknown> =>
  eventually('each task has its reminder', async () => (await scheduled(taskIds)) === taskIds.length, {
    within: 30_000,
  });

const allReminded = (taskIds: readonly string[]): Promise<unknown> =>
  eventually(
    'all are reminded, and no reminder is left',
    async () =>
      (await counts(taskIds, 'task.due_soon.v1')).every((count) => count > 0) && (await scheduled(taskIds)) === 0,
    { within: 45_000 },
  );

describe('When a worker dies', () => {
  beforeEach(async () => {
    lab = await Lab.with({ workers: 0 });
  });
  afterEach(() => lab?.close());

  it('after what follows from an event is durable and before it acknowledges it, it follows once', async () => {
    const dying = await lab.worker({ FAILPOINTS: 'policies.before_acknowledge=kill@4' });
    const tasks = await tasksDue(10, remindAfter(8_000));
    expect(await dying.exited).toMatchObject({ signal: 'SIGKILL' });
    await lab.worker();
    await allScheduled(tasks);
    await allReminded(tasks);
    expect(await counts(tasks, 'task.due_soon.v1')).toEqual(once(tasks));
    await lab.end();
  });

  itInFull('after it has sent what was scheduled and before it has marked it, that has one effect', async () => {
    const first = await lab.worker();
    const due = remindAfter(12_000);
    const tasks = await tasksDue(10, due);
    await allScheduled(tasks);
    expect(await first.terminate()).toMatchObject({ code: 0 });
    await eventually('they are due', () => Date.now() > Date.parse(due) - oneDay, { within: 15_000 });
    const dying = await lab.spawn('worker', { FAILPOINTS: 'scheduler.before_mark=kill@1' });
    expect(await dying.exited).toMatchObject({ signal: 'SIGKILL' });
    await lab.worker();
    await allReminded(tasks);
    expect(await counts(tasks, 'task.due_soon.v1')).toEqual(once(tasks));
    await lab.end();
  });
});

/** Outages of their own servers: only in the long profile. */
describeInFull('When the broker is away', () => {
  let servers: OwnServers;

  beforeAll(async () => {
    servers = await OwnServers.start('policies');
    lab = await Lab.with({ workers: 2, servers });
  });
  afterAll(async () => {
    await lab?.close();
    await servers?.remove();
  });

  it('at the time of scheduled commands, they are sent when it is back, and have one effect each', async () => {
    const due = remindAfter(6_000);
    const tasks = await tasksDue(20, due);
    await allScheduled(tasks);
    await servers.rabbitmq.kill();
    await eventually('they are due', () => Date.now() > Date.parse(due) - oneDay, { within: 15_000 });
    expect(await counts(tasks, 'task.due_soon.v1')).toEqual(tasks.map(() => 0));
    await servers.rabbitmq.start();
    await allReminded(tasks);
    expect(await counts(tasks, 'task.due_soon.v1')).toEqual(once(tasks));
  });

  it('while commands are due, a worker that is asked to end does so within seconds', async () => {
    const due = remindAfter(4_000);
    const tasks = await tasksDue(5, due);
    await allScheduled(tasks);
    await servers.rabbitmq.kill();
    await eventually('they are due', () => Date.now() > Date.parse(due) - oneDay, { within: 15_000 });
    for (const worker of lab.workers) {
      const began = performance.now();
      expect(await worker.terminate()).toEqual({ code: 0, signal: null });
      expect(performance.now() - began).toBeLessThan(8_000);
    }
    await servers.rabbitmq.start();
    await lab.worker();
    await allReminded(tasks);
    expect(await counts(tasks, 'task.due_soon.v1')).toEqual(once(tasks));
    await lab.end();
  });
});
