import { fold, on, projection } from '#kernel';

import { AccountCredentialsSet, UserDeleted } from '../contract/index.js';
import { CredentialsRow } from './credentials.entity.js';
import { passedOver } from './passed-over.js';

export const credentials = projection('auth.credentials', CredentialsRow, {
  inline: true,
  fold: fold(
    on(AccountCredentialsSet, (_, { userId, passwordHash }) => ({ id: userId, passwordHash })),
    on(UserDeleted, () => null),
    ...passedOver<{ id: string; passwordHash: string }>(AccountCredentialsSet, UserDeleted),
  ),
});
