import { describe, expect, it } from '@jest/globals';

import { TaskCompleted, TaskDueSoon } from '#contexts/tasks/contract/index.js';
import { send } from '#kernel';
import { eventId } from '#platform/messaging/cloud-event.js';

import { builtInTemplates, notificationIdOf, RequestNotification } from '../contract/index.js';
import { render } from '../domain/template-text.js';
import { notificationsPolicy, now, userId } from '../doubles/notifications-scenario.js';

const taskId = '0196a1de-0000-7000-8000-000000000001';
const task = { taskId, userId, title: 'Pack the hospital bag' };
const completed = new TaskCompleted({ ...task, priority: 'high', completedAt: now });
const dueSoon = new TaskDueSoon({ ...task, dueDate: '2030-01-31T12:00:00.000Z' });

function told(template: string, variables: Readonly<Record<string, string>>): RequestNotification {
  const dedupKey = `${eventId('story.task', taskId, 1)}:${userId}:in_app:${template}`;
  const notificationId = notificationIdOf(dedupKey);
  return new RequestNotification({
    notificationId,
    subjectId: userId,
    userId,
    channel: 'in_app',
    template,
    variables,
    dedupKey,
  });
}

const ofCompletion = told('task_completed', { title: 'Pack the hospital bag' });
const ofDueDate = told('task_due', { title: 'Pack the hospital bag', due: '31 January 2030 at 12:00 UTC' });

describe('The owner of a task', () => {
  it('is congratulated in the app when it is completed', () =>
    notificationsPolicy().on(completed).then(send(ofCompletion)));

  it('is told in the app that it is due soon, and when', () => notificationsPolicy().on(dueSoon).then(send(ofDueDate)));

  it.each([ofCompletion, ofDueDate])('gets a value for each variable: $template', ({ template, variables }) => {
    const builtIn = builtInTemplates.find(({ name, channel }) => name === template && channel === 'in_app');
    expect(render(`${builtIn?.subject} ${builtIn?.body}`, variables ?? {})).toContain('Pack the hospital bag');
    expect(builtIn?.topic).toBe('tasks');
  });
});
