import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import { eventually } from '#testing/eventually.js';
import { Lab } from '#testing/lab.js';

import { Caller, waiting } from './caller.js';

const oneDay = 24 * 3_600_000;
/** A due date whose reminder comes so many milliseconds from now. */
const dueAfter = (milliseconds: number): string => new Date(Date.now() + oneDay + milliseconds).toISOString();

describe('The reminder of a due date', () => {
  let lab: Lab;
  let owner: Caller;

  beforeAll(async () => {
    lab = await Lab.with({ workers: 2 });
    owner = new Caller(lab.apis[0]!, newId());
  });
  afterAll(async () => {
    owner?.close();
    await lab?.close();
  });

  interface Told {
    readonly data: { readonly due_date: string };
    readonly occurred_at: Date;
    readonly actor: string;
  }
  const remindersOf = (taskId: string): Promise<Told[]> =>
    lab.database.query<Told & Record<string, unknown>>(
      `select data, occurred_at, metadata ->> 'actor' as actor from platform.events
       where stream_id = $1 and type = 'task.due_soon.v1'`,
      [taskId],
    );
  const scheduledOf = (taskId: string): Promise<{ due_at: Date; published_at: Date | null }[]> =>
    lab.database.query('select due_at, published_at from platform.scheduled_commands where lane = $1', [taskId]);
  const scheduledFor = (taskId: string, dueDate: string): Promise<unknown> =>
    eventually(
      `a reminder of ${dueDate} is scheduled`,
      async () => {
        const [row, another] = await scheduledOf(taskId);
        return !another && row?.due_at.getTime() === Date.parse(dueDate) - oneDay;
      },
      { every: 20 },
    );
  const noneScheduled = (taskId: string): Promise<unknown> =>
    eventually('no reminder is scheduled', async () => (await scheduledOf(taskId)).length === 0, { every: 20 });
  const reminded = (taskId: string): Promise<Told> =>
    eventually('the reminder has come', async () => (await remindersOf(taskId))[0], { every: 20, within: 20_000 });
  /** A task whose reminder comes after those that were asked for before: when it has come, so have they. */
  const laterOne = async (): Promise<unknown> => {
    const { id } = await owner.task({ due_date: dueAfter(1_500) });
    return reminded(id);
  };

  it('comes a day before, once, and is part of the task’s history', async () => {
    const due = dueAfter(3_000);
    const { id, path } = await owner.task({ due_date: due });
    await scheduledFor(id, due);
    expect(await remindersOf(id)).toEqual([]);

    const { data, actor, occurred_at: at } = await reminded(id);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(due) - oneDay);
    expect(at.toISOString()).toBe(new Date(Date.parse(due) - oneDay).toISOString());
    expect({ due: data.due_date, actor }).toEqual({ due, actor: 'system:tasks.remind_of_due_date' });
    await noneScheduled(id);
    const { body } = await owner.get(`${path}/history`);
    expect((body.items as { type: string }[]).map(({ type }) => type).toSorted()).toEqual([
      'task.created.v1',
      'task.due_soon.v1',
    ]);
    expect((await owner.get(path)).body).toMatchObject({ version: 2, status: 'pending' });
    await laterOne();
    expect(await remindersOf(id)).toHaveLength(1);
  });

  it('does not come when the task was completed before; a task that is reopened gets it again', async () => {
    const due = dueAfter(6_000);
    const { id, path } = await owner.task({ due_date: due });
    await scheduledFor(id, due);
    await owner.post(`${path}/complete`, undefined, waiting(10));
    await noneScheduled(id);
    await owner.post(`${path}/reopen`, undefined, waiting(10));
    await scheduledFor(id, due);
    await owner.post(`${path}/complete`, undefined, waiting(10));
    await noneScheduled(id);
    await eventually('its time is over', () => Date.now() > Date.parse(due) - oneDay);
    await laterOne();
    expect(await remindersOf(id)).toEqual([]);
  });

  it('comes at the new time only when the due date is moved', async () => {
    const [before, after] = [dueAfter(5_000), dueAfter(7_000)];
    const { id, path } = await owner.task({ due_date: before });
    await scheduledFor(id, before);
    await owner.patch(path, { due_date: after }, waiting(10));
    await scheduledFor(id, after);
    expect(await reminded(id)).toMatchObject({ data: { due_date: after } });
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(after) - oneDay);
    await laterOne();
    expect(await remindersOf(id)).toHaveLength(1);
  });

  it('comes once when the worker that sends what is scheduled dies', async () => {
    const due = dueAfter(4_000);
    const tasks = await Promise.all(Array.from({ length: 5 }, () => owner.task({ due_date: due })));
    for (const { id } of tasks) await scheduledFor(id, due);
    const { pid } = await lab.database.one<{ pid: number }>(
      `select pid from platform.workers where 'scheduler' = any(slots) order by seen_at desc limit 1`,
    );
    const victim = lab.workers.find((worker) => worker.pid === pid);
    expect(await victim?.crash()).toMatchObject({ signal: 'SIGKILL' });
    for (const { id } of tasks) await reminded(id);
    await laterOne();
    for (const { id } of tasks) expect(await remindersOf(id)).toHaveLength(1);
  });
});
