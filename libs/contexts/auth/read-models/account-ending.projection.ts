import { fold, on, projection } from '#kernel';

import { UserActivated, UserDeactivated, UserDeleted } from '../contract/index.js';
import { AccountEndingRow } from './account-ending.entity.js';
import { passedOver } from './passed-over.js';

export const accountEndings = projection('auth.account_endings', AccountEndingRow, {
  inline: true,
  fold: fold(
    on(UserDeactivated, (_, { userId }, { occurredAt }) => ({ id: userId, endedAt: occurredAt })),
    on(UserActivated, () => null),
    on(UserDeleted, (_, { userId }, { occurredAt }) => ({ id: userId, endedAt: occurredAt })),
    ...passedOver<{ id: string; endedAt: Date }>(UserDeactivated, UserActivated, UserDeleted),
  ),
});
