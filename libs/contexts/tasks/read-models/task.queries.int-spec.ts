import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { validateSync } from 'class-validator';

import { newId, toWire, type Wire } from '#kernel';
import type { AuthenticatedUser } from '#platform/auth/authenticated-user.js';
import { EventLog } from '#platform/event-log/event-log.js';
import { Cursors } from '#platform/http/cursors.js';
import type { Paged } from '#platform/http/page.js';
import { withoutKeys } from '#platform/privacy/privacy.js';

import {
  TaskCancelled,
  TaskCompleted,
  TaskCreated,
  TaskDeleted,
  TaskPriorities,
  TaskStarted,
  TaskUpdated,
  type TaskPriority,
} from '../contract/index.js';
import { RecordedTasks } from '../doubles/recorded-tasks.js';
import type { TaskView } from './task-views.js';
import { TaskHistoryPage, TaskListPage, TaskQueries } from './task.queries.js';

const at = '2026-03-01T10:00:00.000Z';
const longAgo = '2020-01-01T00:00:00.000Z';
const farAhead = '2999-01-01T00:00:00.000Z';
const categoryId = randomUUID();

let recorded: RecordedTasks;
let queries: TaskQueries;

beforeAll(async () => {
  recorded = await RecordedTasks.create();
  queries = new TaskQueries(recorded.reading, new EventLog(recorded.reading, withoutKeys), new Cursors('a secret'));
});
afterAll(() => recorded.remove());

const user = (...roles: readonly string[]): AuthenticatedUser => ({ id: randomUUID(), roles: ['user', ...roles] });

/** Somebody's task, created. */
async function task(owner: AuthenticatedUser, fields: Partial<TaskCreated> = {}, when = at): Promise<TaskCreated> {
  const created = new TaskCreated({
    taskId: newId(),
    userId: owner.id,
    title: 'Pack the hospital bag',
    description: '',
    priority: 'medium',
    status: 'pending',
    ...fields,
  });
  await recorded.happened(when, created);
  return created;
}

const started = ({ taskId, userId, title }: TaskCreated): TaskStarted =>
  new TaskStarted({ taskId, userId, title, startedAt: at });
const completed = ({ taskId, userId, title, priority }: TaskCreated): TaskCompleted =>
  new TaskCompleted({ taskId, userId, title, priority, completedAt: at });
const cancelled = ({ taskId, userId, title }: TaskCreated): TaskCancelled =>
  new TaskCancelled({ taskId, userId, title, status: 'cancelled', cancelledAt: at });
const deleted = ({ taskId, userId, title }: TaskCreated): TaskDeleted =>
  new TaskDeleted({ taskId, userId, title, deletedAt: at });
const retitled = (created: TaskCreated, title: string): TaskUpdated =>
  new TaskUpdated({ ...created, title, updatedAt: at, changed: ['title'] });

const list = (reader: AuthenticatedUser, page: Partial<TaskListPage> = {}): Promise<Paged<Wire<TaskView>>> =>
  queries.list(new TaskListPage(page), reader);

const idsOf = async (reader: AuthenticatedUser, page: Partial<TaskListPage>): Promise<string[]> =>
  (await list(reader, page)).items.map(({ id }) => id).sort();

const ids = (...tasks: readonly TaskCreated[]): string[] => tasks.map(({ taskId }) => taskId).sort();

describe('One task', () => {
  it('is shown to its owner', async () => {
    const me = user();
    const created = await task(me, { description: 'And the charger', categoryId, dueDate: farAhead });
    expect(await queries.byId(created.taskId, me)).toEqual({
      id: created.taskId,
      version: 1,
      user_id: me.id,
      title: 'Pack the hospital bag',
      description: 'And the charger',
      status: 'pending',
      priority: 'medium',
      category_id: categoryId,
      due_date: new Date(farAhead),
      completed_at: null,
      created_at: new Date(at),
      updated_at: new Date(at),
      is_active: true,
      is_overdue: false,
    });
  });

  it('is shown to administrators, and does not exist for anybody else', async () => {
    const { taskId } = await task(user());
    expect(await queries.byId(taskId, user('admin'))).toMatchObject({ id: taskId });
    expect(await queries.byId(taskId, user('analyst'))).toBeUndefined();
  });

  it('is not shown any more once it was deleted', async () => {
    const me = user();
    const created = await task(me);
    await recorded.happened(at, deleted(created));
    expect(await queries.byId(created.taskId, me)).toBeUndefined();
  });

  it.each([
    ['with a due date that has passed', longAgo, [], { is_active: true, is_overdue: true }],
    ['that was started, with a due date that has passed', longAgo, [started], { is_active: true, is_overdue: true }],
    ['with a due date to come', farAhead, [], { is_active: true, is_overdue: false }],
    ['without a due date', undefined, [], { is_active: true, is_overdue: false }],
    ['that was completed, late', longAgo, [completed], { is_active: false, is_overdue: false }],
    ['that was cancelled', longAgo, [cancelled], { is_active: false, is_overdue: false }],
  ] as const)('%s is active and overdue accordingly', async (_, dueDate, then, shown) => {
    const me = user();
    const created = await task(me, { dueDate });
    await recorded.happened(at, ...then.map((event) => event(created)));
    expect(await queries.byId(created.taskId, me)).toMatchObject(shown);
  });
});

describe('The list of tasks', () => {
  const me = user();
  let pending: TaskCreated;
  let running: TaskCreated;
  let done: TaskCreated;
  let dropped: TaskCreated;

  beforeAll(async () => {
    pending = await task(me, { priority: 'low', dueDate: '2030-01-10T00:00:00.000Z', title: '100 % of it_all' });
    running = await task(me, { priority: 'high', dueDate: longAgo, categoryId, description: 'Ask the MIDWIFE' });
    done = await task(me, { priority: 'urgent', dueDate: longAgo, title: 'Straße fegen' });
    dropped = await task(me, { priority: 'medium', categoryId, title: String.raw`back\slash` });
    await task(user(), { categoryId, title: "somebody else's" });
    await recorded.happened('2026-03-02T00:00:00Z', started(running), completed(done), cancelled(dropped));
  });

  it('shows your own, the newest first', async () => {
    const { items, next_cursor, total } = await list(me);
    expect(items.map(({ id }) => id)).toEqual([dropped, done, running, pending].map(({ taskId }) => taskId));
    expect([next_cursor, total]).toEqual([null, undefined]);
  });

  it('counts what it has in all, whatever the page', async () => {
    expect(await list(me, { include: 'total', limit: 1 })).toMatchObject({ total: 4 });
    expect(await list(me, { include: 'total', status: ['pending'] })).toMatchObject({ total: 1 });
  });

  it('is filtered by one status or several', async () => {
    expect(await idsOf(me, { status: ['completed'] })).toEqual(ids(done));
    expect(await idsOf(me, { status: ['pending', 'in_progress'] })).toEqual(ids(pending, running));
  });

  it('is filtered by one priority or several', async () => {
    expect(await idsOf(me, { priority: ['urgent'] })).toEqual(ids(done));
    expect(await idsOf(me, { priority: ['low', 'high'] })).toEqual(ids(pending, running));
  });

  it('is filtered by category, the own tasks in it only', async () => {
    expect(await idsOf(me, { categoryId })).toEqual(ids(running, dropped));
    expect(await idsOf(me, { categoryId: randomUUID() })).toEqual([]);
  });

  it('is filtered by whether they are overdue', async () => {
    expect(await idsOf(me, { overdue: true })).toEqual(ids(running));
    expect(await idsOf(me, { overdue: false })).toEqual(ids(pending, done, dropped));
  });

  it('is filtered by a time within which they are due, its end excluded', async () => {
    const due = '2030-01-10T00:00:00Z';
    expect(await idsOf(me, { dueAfter: due })).toEqual(ids(pending));
    expect(await idsOf(me, { dueBefore: due })).toEqual(ids(running, done));
    expect(await idsOf(me, { dueAfter: '2030-01-01', dueBefore: '2030-02-01' })).toEqual(ids(pending));
    expect(await idsOf(me, { dueAfter: '2030-01-10T00:00:00.001Z' })).toEqual([]);
    expect(await idsOf(me, { dueAfter: '2030-01-10T02:00:00+02:00' })).toEqual(ids(pending));
  });

  it('is searched in titles and descriptions, in capitals or not', async () => {
    expect(await idsOf(me, { q: 'midwife' })).toEqual(ids(running));
    expect(await idsOf(me, { q: 'STRAßE' })).toEqual(ids(done));
    expect(await idsOf(me, { q: 'nowhere' })).toEqual([]);
  });

  it.each(['%', '_', '%_', '\\', "'", '.*', 'it_all', '100 % of'])(
    'takes %j in a search for nothing but itself',
    async (q) => {
      const texts = [pending, running, done, dropped].filter(({ title, description }) =>
        `${title}\n${description}`.includes(q),
      );
      expect(await idsOf(me, { q })).toEqual(ids(...texts));
    },
  );

  it('is filtered by all that is asked for at once', async () => {
    expect(
      await idsOf(me, { status: ['in_progress'], priority: ['high'], categoryId, overdue: true, q: 'ask' }),
    ).toEqual(ids(running));
    expect(await idsOf(me, { status: ['in_progress'], priority: ['low'] })).toEqual([]);
  });

  it("shows others' tasks to administrators only", async () => {
    expect(await idsOf(user('admin'), { userId: me.id })).toEqual(ids(pending, running, done, dropped));
    expect(await idsOf(me, { userId: me.id })).toHaveLength(4);
    await expect(list(user(), { userId: me.id })).rejects.toMatchObject({
      status: 403,
      details: { code: 'FORBIDDEN', reason: 'admin_only' },
    });
  });
});

describe('The list of tasks, page by page', () => {
  const me = user();
  const shown: Wire<TaskView>[] = [];

  beforeAll(async () => {
    const dueDates = [undefined, longAgo, farAhead, longAgo, undefined];
    for (let n = 0; n < 25; n++) {
      const created = await task(
        me,
        { priority: TaskPriorities[n % 4] as TaskPriority, dueDate: dueDates[n % 5] },
        `2026-03-01T10:00:0${n % 3}.00${n % 7}Z`,
      );
      if (n % 2) await recorded.happened(`2026-03-01T11:00:0${n % 4}Z`, started(created));
    }
    shown.push(...(await list(me, { limit: 100 })).items);
  });

  const key: Record<string, (one: Wire<TaskView>) => number | null> = {
    created_at: ({ created_at }) => created_at.getTime(),
    updated_at: ({ updated_at }) => updated_at.getTime(),
    due_date: ({ due_date }) => due_date && due_date.getTime(),
    priority: ({ priority }) => TaskPriorities.indexOf(priority),
  };
  const sorted = (sort: string): string[] => {
    const way = sort.startsWith('-') ? -1 : 1;
    const by = key[sort.replace('-', '')] as (one: Wire<TaskView>) => number | null;
    const compare = (a: Wire<TaskView>, b: Wire<TaskView>): number => {
      const [x, y] = [by(a), by(b)];
      if (x === y) return way * (a.id < b.id ? -1 : 1);
      if (x === null || y === null) return x === null ? 1 : -1;
      return way * (x - y);
    };
    return shown.toSorted(compare).map(({ id }) => id);
  };

  it.each(Object.keys(key).flatMap((name) => [name, `-${name}`]))(
    'is sorted by %s over ties and gaps, each task once',
    async (sort) => {
      const read: string[] = [];
      let cursor: string | undefined;
      do {
        const page: Paged<Wire<TaskView>> = await list(me, { sort, limit: 4, cursor });
        expect(page.items.length).toBeLessThanOrEqual(4);
        read.push(...page.items.map(({ id }) => id));
        cursor = page.next_cursor ?? undefined;
      } while (cursor);
      expect(read).toHaveLength(25);
      expect(read).toEqual(sorted(sort));
    },
  );

  it('goes on with the filter that it began with, and no other', async () => {
    const first = await list(me, { status: ['in_progress'], limit: 10 });
    const cursor = first.next_cursor as string;
    const second = await list(me, { status: ['in_progress'], limit: 10, cursor });
    expect([...first.items, ...second.items].every(({ status }) => status === 'in_progress')).toBe(true);
    expect([first.items.length, second.items.length]).toEqual([10, 2]);
    await expect(list(me, { limit: 10, cursor })).rejects.toMatchObject({ details: { reason: 'cursor_invalid' } });
    await expect(list(user(), { status: ['in_progress'], cursor })).rejects.toMatchObject({
      details: { reason: 'cursor_invalid' },
    });
  });
});

describe('The parameters of the list', () => {
  const broken = (page: Partial<TaskListPage>): string[] =>
    validateSync(new TaskListPage(page)).map(({ property }) => property);

  it('are statuses, priorities, sorts that there are', () => {
    expect(broken({ status: ['pending'], priority: ['low'], sort: '-due_date' })).toEqual([]);
    expect(broken({ status: ['open' as never], priority: ['none' as never], sort: 'title' })).toEqual([
      'status',
      'priority',
      'sort',
    ]);
  });
});

describe('The summary of tasks', () => {
  it('counts your own by status, by priority, and those that are overdue', async () => {
    const me = user();
    const late = await task(me, { dueDate: longAgo, priority: 'urgent' });
    const done = await task(me, { dueDate: longAgo, priority: 'low' });
    await task(me, { dueDate: farAhead });
    await task(user(), { dueDate: longAgo });
    await recorded.happened(at, started(late), completed(done));
    await recorded.followed();
    expect(await queries.summary(me)).toEqual({
      total: 3,
      overdue: 1,
      by_status: { pending: 1, in_progress: 1, completed: 1, cancelled: 0 },
      by_priority: { low: 1, medium: 1, high: 0, urgent: 1 },
    });
  });

  it('counts nothing for whoever has none', async () => {
    expect(await queries.summary(user())).toMatchObject({ total: 0, overdue: 0, by_status: { pending: 0 } });
  });
});

describe('A task as it was', () => {
  const me = user();
  let one: TaskCreated;

  beforeAll(async () => {
    one = await task(me, { dueDate: '2026-03-03T00:00:00.000Z' }, '2026-03-01T00:00:00Z');
    await recorded.happened('2026-03-02T00:00:00Z', retitled(one, 'Pack both bags'));
    await recorded.happened('2026-03-04T00:00:00Z', started(one));
    await recorded.happened('2026-03-05T00:00:00Z', deleted(one));
  });
  const asOf = (time: string, reader = me) => queries.asOf(one.taskId, time, reader);

  it('is shown from its creation to its deletion', async () => {
    expect(await asOf('2026-02-28T23:59:59.999Z')).toBeUndefined();
    expect(await asOf('2026-03-01T00:00:00Z')).toMatchObject({ version: 1, title: one.title, status: 'pending' });
    expect(await asOf('2026-03-02')).toMatchObject({ version: 2, title: 'Pack both bags', status: 'pending' });
    expect(await asOf('2026-03-04T12:00:00')).toMatchObject({ version: 3, status: 'in_progress' });
    expect(await asOf('2026-03-05T00:00:00Z')).toBeUndefined();
  });

  it('is overdue by the time that is asked for', async () => {
    expect(await asOf('2026-03-02T23:59:59Z')).toMatchObject({ is_active: true, is_overdue: false });
    expect(await asOf('2026-03-03T00:00:01Z')).toMatchObject({ is_active: true, is_overdue: true });
  });

  it('has the fields that it has now', async () => {
    const other = await task(me);
    const now = await queries.byId(other.taskId, me);
    expect(await queries.asOf(other.taskId, at, me)).toEqual(now);
  });

  it('is shown to its owner and to administrators', async () => {
    expect(await asOf('2026-03-02', user('admin'))).toMatchObject({ id: one.taskId });
    expect(await asOf('2026-03-02', user())).toBeUndefined();
  });
});

describe('The history of a task', () => {
  const me = user();
  let events: object[];
  let taskId: string;

  beforeAll(async () => {
    const one = await task(me);
    taskId = one.taskId;
    events = [one, retitled(one, 'Pack both bags'), started(one), completed(one), deleted(one)];
    await recorded.happened('2026-03-02T00:00:00Z', ...events.slice(1));
  });
  const history = (page: TaskHistoryPage = {}, reader = me) => queries.history(taskId, page, reader);

  it('tells what happened, deleted or not, from the beginning', async () => {
    const page = await history();
    expect(page?.next_cursor).toBeNull();
    expect(page?.items.map(({ version, data }) => [version, data])).toEqual(
      events.map((event, index) => [index + 1, toWire(event)]),
    );
    expect(page?.items.at(-1)).toEqual({
      version: 5,
      type: 'task.deleted.v1',
      data: toWire(events[4] as object),
      actor: 'somebody',
      occurred_at: new Date('2026-03-02T00:00:00Z'),
    });
  });

  it('goes on page by page', async () => {
    const versions: number[][] = [];
    let cursor: string | undefined;
    do {
      const page = await history({ limit: 2, cursor });
      versions.push(page?.items.map(({ version }) => version) ?? []);
      cursor = page?.next_cursor ?? undefined;
    } while (cursor);
    expect(versions).toEqual([[1, 2], [3, 4], [5]]);
  });

  it('takes no cursor of another task', async () => {
    const cursor = (await history({ limit: 1 }))?.next_cursor as string;
    const other = await task(me);
    await expect(queries.history(other.taskId, { cursor }, me)).rejects.toMatchObject({
      details: { reason: 'cursor_invalid' },
    });
  });

  it('is told to its owner and to administrators', async () => {
    expect((await history({}, user('admin')))?.items).toHaveLength(5);
    expect(await history({}, user())).toBeUndefined();
    expect(await queries.history(randomUUID(), {}, me)).toBeUndefined();
  });
});
