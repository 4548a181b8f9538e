import { TaskCompleted, TaskDueSoon } from '#contexts/tasks/contract/index.js';
import { policy } from '#kernel';

import { inWords, tell } from './tell-user.js';

export const tellOfTasks = [
  policy('notifications.tell_task_is_completed', TaskCompleted, {
    then: ({ userId, title }, _, meta) =>
      tell({ userId, channel: 'in_app', template: 'task_completed', variables: { title } }, meta),
  }),
  policy('notifications.tell_task_is_due', TaskDueSoon, {
    then: ({ userId, title, dueDate }, _, meta) =>
      tell({ userId, channel: 'in_app', template: 'task_due', variables: { title, due: inWords(dueDate) } }, meta),
  }),
];
