import { describe, it } from '@jest/globals';

import { schedule, unschedule } from '#kernel';
import { policyStory } from '#testing/scenario/policy-story.js';

import { RemindOfDueDate, TaskCreated, TaskDueSoon, TaskUpdated } from '../contract/index.js';
import { InMemoryTaskLookup } from '../doubles/in-memory-task-lookup.js';
import { happened, owner, taskId, tasksScenario } from '../doubles/tasks-scenario.js';
import { TaskListRow } from '../read-models/task-list.entity.js';
import { TasksWorkerModule } from '../tasks.worker.module.js';
import { TaskLookup } from './ports.js';

const story = () =>
  policyStory(TasksWorkerModule, { doubles: [{ provide: TaskLookup, useClass: InMemoryTaskLookup }] });

const now = '2026-03-01T10:00:00.000Z';
const dueDate = '2026-03-05T10:00:00.000Z';
const dayBefore = new Date('2026-03-04T10:00:00.000Z');
const remind = new RemindOfDueDate({ taskId, dueDate });
const reminder = schedule(remind, dayBefore);
const noReminder = unschedule(RemindOfDueDate, taskId);

const created = new TaskCreated({ ...happened.created, dueDate });
const updated = (fields: Partial<TaskUpdated> = {}): TaskUpdated => {
  const { userId, title, description, priority } = happened.created;
  const task = { taskId, userId, title, description, priority, status: 'pending', dueDate } as const;
  return new TaskUpdated({ ...task, updatedAt: now, changed: ['due_date'], ...fields });
};

describe('A task with a due date', () => {
  it('gets its reminder a day before', () => story().on(created).at(now).then(reminder));

  it('gets its reminder at the new time when its due date is moved', () => {
    const later = '2026-04-01T00:30:00.000Z';
    return story()
      .on(updated({ dueDate: later }))
      .at(now)
      .then(schedule(new RemindOfDueDate({ taskId, dueDate: later }), new Date('2026-03-31T00:30:00.000Z')));
  });

  it('gets the same reminder when something else of it changes, by whatever event that is scheduled', () =>
    story()
      .on(updated({ status: 'in_progress', changed: ['title'] }))
      .at(now)
      .then(reminder));

  it('loses its reminder with its due date', () =>
    story()
      .on(updated({ dueDate: undefined }))
      .at(now)
      .then(noReminder));

  it.each([['completed'], ['cancelled'], ['deleted']] as const)('loses its reminder when it is %s', (end) =>
    story().on(happened[end]).at(now).then(noReminder),
  );

  it.each([['completed'], ['cancelled']] as const)('has no reminder when it is changed while it is %s', (status) =>
    story().on(updated({ status })).at(now).then(noReminder),
  );

  it('gets its reminder again when it is reopened', () =>
    story().given(created, happened.completed).on(happened.reopened).at(now).then(reminder));

  it('gets the reminder of the due date that it has by then', () => {
    const moved = updated({ status: 'completed', dueDate: '2026-03-09T10:00:00.000Z' });
    const { dueDate: later = '' } = moved;
    return story()
      .given(created, happened.completed, moved)
      .on(happened.reopened)
      .then(schedule(new RemindOfDueDate({ taskId, dueDate: later }), new Date('2026-03-08T10:00:00.000Z')));
  });
});

describe('A reminder', () => {
  it('is not for a task without a due date', () => story().on(happened.created).at(now).thenNothing());

  it('is not for a task without a due date that is reopened', () =>
    story().given(happened.created, happened.completed).on(happened.reopened).thenNothing());

  it('is not for a task that is gone when its reopening is heard of', () =>
    story().on(happened.reopened).thenNothing());

  it('is left out when less than a day is left, or a day to the millisecond', async () => {
    await story().on(created).at('2026-03-04T10:00:00.000Z').thenNothing();
    await story().on(created).at('2026-03-04T09:59:59.999Z').then(reminder);
  });

  it('whose time has come stays when something else of the task changes before it was sent', () =>
    story()
      .on(updated({ changed: ['title'] }))
      .at('2026-03-04T12:00:00.000Z')
      .thenNothing());

  it('is taken back when the new due date is less than a day away', () =>
    story().on(updated()).at('2026-03-04T12:00:00.000Z').then(noReminder));
});

describe('Reminding of a due date', () => {
  it('tells the owner’s task and its due date', () =>
    tasksScenario()
      .given(created)
      .by('system:tasks.remind_of_due_date', 'system')
      .when(remind)
      .then(new TaskDueSoon({ taskId, userId: owner, title: created.title, dueDate })));

  it('leaves the task as it is shown, at its new version', () =>
    tasksScenario()
      .given(created)
      .when(remind)
      .thenRow(TaskListRow, taskId, {
        version: 2,
        status: 'pending',
        updatedAt: new Date('2026-03-01T09:00:00.000Z'),
      }));

  it('says nothing twice for a due date', () =>
    tasksScenario()
      .given(created, new TaskDueSoon({ taskId, userId: owner, title: created.title, dueDate }))
      .when(remind)
      .thenNothing());

  it('says nothing when the task has another due date by now', () =>
    tasksScenario()
      .given(created, updated({ dueDate: '2026-03-06T10:00:00.000Z' }))
      .when(remind)
      .thenNothing());

  it('says nothing of a task that is done', () =>
    tasksScenario().given(created, happened.completed).when(remind).thenNothing());

  it('says nothing of a task that was deleted, or never was', async () => {
    await tasksScenario().given(created, happened.deleted).when(remind).thenNothing();
    await tasksScenario().when(remind).thenNothing();
  });
});
