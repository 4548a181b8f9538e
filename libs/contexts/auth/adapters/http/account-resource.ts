import type { Wire } from '#kernel';

import { AccountView } from '../../read-models/account-views.js';
import { AccountQueries } from '../../read-models/account.queries.js';

/** Roles are granted and revoked without a new version of the account. */
export const granted = ({ roles }: Wire<AccountView>): string | undefined =>
  roles.filter((role) => role !== 'user').join('_') || undefined;

export const account = { view: AccountView, queries: AccountQueries, phase: granted, path: '/api/v1/users' };
