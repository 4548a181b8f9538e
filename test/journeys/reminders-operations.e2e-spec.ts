import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import { eventually } from '#testing/eventually.js';
import { Lab } from '#testing/lab.js';

import { Caller } from './caller.js';

const path = '/ops/scheduled-commands';
const type = 'tasks.remind_of_due_date.v1';

interface Waiting {
  readonly id: string;
  readonly lane: string;
  readonly due_at: string;
}

describe('Scheduled commands', () => {
  let lab: Lab;
  let owner: Caller;
  let admin: Caller;
  const tasks: string[] = [];
  const days = [5, 3, 4, 2, 6];
  const year = new Date().getUTCFullYear() + 1;
  const dueDate = (day: number): string => `${year}-02-0${day}T09:00:00.000Z`;
  const time = (day: number): string => `${year}-02-0${day - 1}T09:00:00.000Z`;

  const listed = async (query = ''): Promise<Waiting[]> => {
    const { status, body, text } = await admin.get(`${path}${query}`);
    if (status !== 200) throw new Error(`${status} ${text}`);
    return body.items as Waiting[];
  };
  const reminderOf = (taskId: string): Promise<Waiting> =>
    eventually('it is scheduled', async () => (await listed(`?lane=${taskId}`))[0]);

  beforeAll(async () => {
    lab = await Lab.with({ workers: 1 });
    owner = new Caller(lab.apis[0]!, newId());
    admin = new Caller(lab.apis[0]!, newId(), ['user', 'admin']);
    for (const day of days) tasks.push((await owner.task({ due_date: dueDate(day) })).id);
    for (const taskId of tasks) await reminderOf(taskId);
  });
  afterAll(async () => {
    owner?.close();
    admin?.close();
    await lab?.close();
  });

  it('are listed, the next one first, page by page', async () => {
    const all = await listed();
    expect(all.map(({ due_at: at }) => at)).toEqual(days.toSorted((a, b) => a - b).map(time));
    const seen: Waiting[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await admin.get(`${path}?limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
      seen.push(...(body.items as Waiting[]));
      cursor = body.next_cursor as string | null;
    }
    expect(seen).toEqual(all);
    expect((await listed('?sort=-due_at')).map(({ id }) => id)).toEqual(all.map(({ id }) => id).toReversed());
  });

  it('are told in full', async () => {
    const [taskId] = tasks as [string];
    expect(await reminderOf(taskId)).toEqual({
      id: expect.any(String),
      type,
      context: 'tasks',
      lane: taskId,
      author: 'system:tasks.remind_of_due_date',
      payload: { task_id: taskId, due_date: dueDate(5) },
      due_at: time(5),
      scheduled_at: expect.stringMatching(/Z$/),
    });
  });

  it('are found by type and lane', async () => {
    expect(await listed(`?type=${type}`)).toHaveLength(days.length);
    expect(await listed('?type=tasks.create_task.v1')).toEqual([]);
    expect(await listed(`?lane=${newId()}`)).toEqual([]);
    expect((await listed(`?type=${type}&lane=${tasks[1]}`)).map(({ lane }) => lane)).toEqual([tasks[1]]);
    expect(await admin.get(`${path}?lane=mine`)).toMatchObject({ status: 400, body: { code: expect.any(String) } });
    expect(await admin.get(`${path}?sort=lane`)).toMatchObject({ status: 400 });
    expect(await admin.get(`${path}?colour=red`)).toMatchObject({ status: 400 });
  });

  it('have a status of their own', async () => {
    const { id, due_at: at } = await reminderOf(tasks[1] as string);
    const { status, body } = await admin.get(`/commands/${id}`);
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { command_id: id, status: 'scheduled', type, due_at: at },
    });
    expect(await owner.get(`/commands/${id}`)).toMatchObject({ status: 404 });
  });

  it('are cancelled once, and their status says discarded', async () => {
    const { id } = await reminderOf(tasks[1] as string);
    expect(await admin.delete(`${path}/${id}`)).toMatchObject({ status: 204, text: '' });
    expect(await listed(`?lane=${tasks[1]}`)).toEqual([]);
    expect((await admin.get(`/commands/${id}`)).body).toMatchObject({ status: 'discarded' });
    expect((await admin.get(`/ops/actions?subject_id=${id}`)).body.items).toMatchObject([
      { action: 'cancel', subject: 'scheduled_command', operator: admin.userId, reason: null, before: { type } },
    ]);
    expect(await admin.delete(`${path}/${id}`)).toMatchObject({
      status: 404,
      headers: { 'content-type': expect.stringContaining('application/problem+json') },
      body: { status: 404, reason: 'scheduled_command_not_found' },
    });
  });

  it('are moved, under an id of their own, however often that is asked', async () => {
    const { id } = await reminderOf(tasks[2] as string);
    const move = () => admin.post(`${path}/${id}/move`, { due_at: time(8), reason: 'a holiday' });
    const [{ status, body }, again] = [await move(), await move()];
    const moved = String(body.command_id);
    expect({ status, body }).toEqual({
      status: 200,
      body: { command_id: expect.any(String), links: { self: `/api/v1/commands/${moved}` } },
    });
    expect(again).toMatchObject({ status: 200, body });
    expect(await listed(`?lane=${tasks[2]}`)).toMatchObject([{ id: moved, due_at: time(8) }]);
    expect((await admin.get(`/commands/${moved}`)).body).toMatchObject({ status: 'scheduled', due_at: time(8) });
    expect((await admin.get(`/commands/${id}`)).body).toMatchObject({ status: 'discarded' });
    expect((await admin.get(`/ops/actions?subject_id=${id}`)).body.items).toMatchObject([
      { action: 'move', reason: 'a holiday', before: { id }, after: { id: moved, due_at: time(8) } },
    ]);
    expect(await admin.post(`${path}/${id}/move`, { due_at: time(9) })).toMatchObject({ status: 404 });
  });

  it('are sent when they are moved to a time that is over', async () => {
    const { id } = await reminderOf(tasks[3] as string);
    const { body } = await admin.post(`${path}/${id}/move`, { due_at: '2020-01-01' });
    const settled = await eventually('it has run', async () => {
      const { body: command } = await admin.get(`/commands/${String(body.command_id)}`);
      return command.status === 'succeeded' ? command : undefined;
    });
    expect(settled).toMatchObject({ type, resource_id: tasks[3] });
    expect(await admin.delete(`${path}/${String(body.command_id)}`)).toMatchObject({ status: 404 });
  });

  it('are cancelled or moved too late when they have run and are not put away yet', async () => {
    const problem = { status: 409, body: { status: 409, code: 'CONFLICT', reason: 'too_late' } };
    const cancel = await reminderOf((await owner.task({ due_date: dueDate(7) })).id);
    const move = await reminderOf(tasks[4] as string);
    for (const { id } of [cancel, move])
      await lab.database.query(
        `insert into platform.commands (id, type, context, lane, resource_id, author, status, attempts, accepted_at)
         select id, type, context, lane, resource_id, author, 'succeeded', 1, due_at
         from platform.scheduled_commands where id = $1`,
        [id],
      );
    expect(await admin.delete(`${path}/${cancel.id}`)).toMatchObject(problem);
    expect(await admin.post(`${path}/${move.id}/move`, { due_at: time(9) })).toMatchObject(problem);
  });

  it('are for administrators', async () => {
    const { id } = await reminderOf(tasks[0] as string);
    for (const answer of [
      await owner.get(path),
      await owner.delete(`${path}/${id}`),
      await owner.post(`${path}/${id}/move`, { due_at: time(9) }),
    ])
      expect(answer).toMatchObject({ status: 403, body: { status: 403 } });
    expect(await listed(`?lane=${tasks[0]}`)).toMatchObject([{ id, due_at: time(5) }]);
  });

  it.each([
    ['no time', {}],
    ['something else', { due_at: 'soon' }],
    ['a field too many', { due_at: '2030-01-01', lane: 'x' }],
  ])('are not moved to %s', async (_, body) => {
    const { id } = await reminderOf(tasks[0] as string);
    expect(await admin.post(`${path}/${id}/move`, body)).toMatchObject({ status: 400 });
    expect(await listed(`?lane=${tasks[0]}`)).toMatchObject([{ id, due_at: time(5) }]);
  });

  it('are not found under what is no id', async () => {
    expect(await admin.delete(`${path}/mine`)).toMatchObject({ status: 404 });
    expect(await admin.post(`${path}/mine/move`, { due_at: time(9) })).toMatchObject({ status: 404 });
  });
});
