import { UserCreated } from '#contexts/users/contract/index.js';
import { derivedId, policy, send } from '#kernel';

import { CreateTask } from '../contract/index.js';

const words = {
  title: 'Have a look around',
  description:
    'This is your first task. Add one of your own next: with a due date you are reminded a day before. ' +
    'Then complete this one, or delete it.',
} as const;

/** Whose address is not known any more was deleted meanwhile, and gets none. */
export const welcome = policy('tasks.welcome', UserCreated, {
  then: ({ userId, email }) =>
    email === ''
      ? []
      : [send(new CreateTask({ ...words, taskId: derivedId('tasks.welcome', userId), userId, priority: 'low' }))],
});
