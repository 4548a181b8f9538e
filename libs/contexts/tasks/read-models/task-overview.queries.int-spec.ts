import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import { EventLog } from '#platform/event-log/event-log.js';
import { Cursors } from '#platform/http/cursors.js';
import { withoutKeys } from '#platform/privacy/privacy.js';

import { CategoryCreated, TaskCompleted, TaskCreated, TaskDeleted } from '../contract/index.js';
import { RecordedTasks } from '../doubles/recorded-tasks.js';
import { TaskPersonalData } from './personal-data.js';
import { TaskOverviewQueries } from './task-overview.queries.js';
import { TaskQueries } from './task.queries.js';

const at = '2026-03-01T10:00:00.000Z';
const longAgo = '2020-01-01T00:00:00.000Z';

let recorded: RecordedTasks;
let overview: TaskOverviewQueries;

beforeAll(async () => {
  recorded = await RecordedTasks.create();
  const { reading } = recorded;
  const tasks = new TaskQueries(reading, new EventLog(reading, withoutKeys), new Cursors('a secret'));
  overview = new TaskOverviewQueries(tasks, reading);
});
afterAll(() => recorded?.remove());

async function task(userId: string, title: string, when = at, fields: Partial<TaskCreated> = {}): Promise<TaskCreated> {
  const details = { title, description: `All about ${title}`, priority: 'high', status: 'pending' } as const;
  const created = new TaskCreated({ taskId: newId(), userId, ...details, ...fields });
  await recorded.happened(when, created);
  return created;
}

const completed = ({ taskId, userId, title, priority }: TaskCreated): TaskCompleted =>
  new TaskCompleted({ taskId, userId, title, priority, completedAt: at });
const deleted = ({ taskId, userId, title }: TaskCreated): TaskDeleted =>
  new TaskDeleted({ taskId, userId, title, deletedAt: at });

describe('The overview of a person’s tasks', () => {
  it('counts them by status, and those that are overdue', async () => {
    const me = randomUUID();
    await task(me, 'late', at, { dueDate: longAgo });
    await task(me, 'open');
    await recorded.happened(at, completed(await task(me, 'done', at, { dueDate: longAgo })));
    await recorded.happened(at, deleted(await task(me, 'gone')));
    await task(randomUUID(), 'another’s');
    await recorded.followed();
    expect(await overview.summary(me)).toMatchObject({
      total: 3,
      overdue: 1,
      by_status: { pending: 2, in_progress: 0, completed: 1, cancelled: 0 },
    });
  });

  it('shows those that were created last, the newest first', async () => {
    const me = randomUUID();
    for (const [hour, title] of ['one', 'two', 'three'].entries()) await task(me, title, `2026-03-01T1${hour}:00:00Z`);
    const recent = await overview.recent(me, 2);
    expect(recent.map(({ title }) => title)).toEqual(['three', 'two']);
  });

  it('shows a task in short', async () => {
    const me = randomUUID();
    const { taskId } = await task(me, 'late', at, { dueDate: longAgo });
    expect(await overview.recent(me, 5)).toEqual([
      {
        id: taskId,
        title: 'late',
        status: 'pending',
        priority: 'high',
        due_date: new Date(longAgo),
        is_overdue: true,
        created_at: new Date(at),
      },
    ]);
  });

  it('is empty for whom there is nothing', async () => {
    expect(await overview.summary(randomUUID())).toMatchObject({ total: 0, overdue: 0 });
    expect(await overview.recent(randomUUID(), 5)).toEqual([]);
  });
});

describe('What tasks keep of a person', () => {
  it('is every task and category of their own', async () => {
    const me = randomUUID();
    const categoryId = newId();
    const category = { name: 'Household', description: '', color: '#2E7D32' };
    await recorded.happened(
      at,
      new CategoryCreated({ categoryId, ownerId: me, ...category }),
      new CategoryCreated({ categoryId: newId(), ...category }),
    );
    const mine = await task(me, 'Pack', at, { categoryId });
    await task(randomUUID(), 'another’s');
    expect(await new TaskPersonalData(recorded.reading).of(me)).toEqual({
      tasks: [
        {
          id: mine.taskId,
          title: 'Pack',
          description: 'All about Pack',
          status: 'pending',
          priority: 'high',
          category_id: categoryId,
          due_date: null,
          completed_at: null,
          created_at: new Date(at),
          updated_at: new Date(at),
        },
      ],
      categories: [{ id: categoryId, ...category, created_at: new Date(at), updated_at: new Date(at) }],
    });
  });

  it('is nothing where they have none', async () => {
    expect(await new TaskPersonalData(recorded.reading).of(randomUUID())).toBeUndefined();
  });
});
