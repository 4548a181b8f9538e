import { UserDeleted } from '#contexts/auth/contract/index.js';
import { policy, send } from '#kernel';

import { DeleteCategory, DeleteTask } from '../contract/index.js';
import { BelongingsLookup } from './ports.js';

export const forgetUser = policy('tasks.forget_user', UserDeleted, {
  from: BelongingsLookup,
  rows: (belongings, { userId }) => belongings.of(userId),
  then: ({ userId }, { taskIds, categoryIds }) => [
    ...taskIds.map((taskId) => send(new DeleteTask({ taskId, userId }))),
    ...categoryIds.map((categoryId) => send(new DeleteCategory({ categoryId, userId }))),
  ],
});
