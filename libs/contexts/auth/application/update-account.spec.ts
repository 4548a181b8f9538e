import { describe, it } from '@jest/globals';

import {
  EmailTaken,
  NothingToUpdate,
  UpdateAccount,
  UserIdentityChanged,
  UsernameTaken,
  UserNotFound,
} from '../contract/index.js';
import { admin, authScenario, happened, now, stranger, userId } from '../doubles/auth-scenario.js';
import { AccountRow } from '../read-models/account.entity.js';

const { email, username, name } = happened.registered;
const update = (fields: Partial<UpdateAccount>): UpdateAccount => new UpdateAccount({ userId, ...fields });
const changed = (fields: Partial<UserIdentityChanged>): UserIdentityChanged =>
  new UserIdentityChanged({ userId, email, username, name, isVerified: false, changed: [], ...fields });

describe('Updating an account', () => {
  it('tells the whole identity as it is now, and what changed', () =>
    authScenario()
      .given(happened.registered)
      .when(update({ username: 'countess', name: 'Ada King' }))
      .then(changed({ username: 'countess', name: 'Ada King', changed: ['username', 'name'] })));

  it('makes a new e-mail address one that is not verified, in lower case', () =>
    authScenario()
      .given(happened.registered, happened.verified)
      .when(update({ email: 'Countess@Example.org' }))
      .then(changed({ email: 'countess@example.org', changed: ['email', 'is_verified'] })));

  it('keeps the same e-mail address verified, whatever its letters', () =>
    authScenario()
      .given(happened.registered, happened.verified)
      .when(update({ email: 'ADA@example.org', name: 'Ada King' }))
      .then(changed({ name: 'Ada King', isVerified: true, changed: ['name'] })));

  it('is shown at once', () =>
    authScenario()
      .given(happened.registered)
      .when(update({ username: 'countess' }))
      .thenRow(AccountRow, userId, { username: 'countess', version: 2, updatedAt: new Date(now) }));

  it('voids the links that went to the e-mail address from before', () =>
    authScenario()
      .given(happened.registered, happened.resetRequested)
      .when(update({ email: 'countess@example.org' }))
      .thenRow(AccountRow, userId, { outstanding: [] }));

  it('to what it is already changes nothing', () =>
    authScenario().given(happened.registered).when(update({ email, username, name })).thenNothing());

  it('needs a field to change', () =>
    authScenario().given(happened.registered).when(update({})).thenRejected(NothingToUpdate));

  it('is rejected when the e-mail address or the user name is taken', async () => {
    const given = authScenario().given(happened.registered);
    await given
      .violating('accounts_email')
      .when(update({ email: 'new@example.org' }))
      .thenRejected(EmailTaken);
    await given
      .violating('accounts_username')
      .when(update({ username: 'somebody' }))
      .thenRejected(UsernameTaken);
  });

  it('is granted to administrators', () =>
    authScenario()
      .given(happened.registered)
      .by(admin, 'user', 'admin')
      .when(update({ name: 'Ada King' }))
      .then(changed({ name: 'Ada King', changed: ['name'] })));

  it('is rejected to anyone else, as if there were no user', () =>
    authScenario()
      .given(happened.registered)
      .by(stranger, 'user', 'analyst')
      .when(update({ name: 'Mine now' }))
      .thenRejected(UserNotFound));

  it('is rejected to the owner of an account that is deactivated or deleted', async () => {
    for (const end of [happened.deactivated, happened.deleted])
      await authScenario()
        .given(happened.registered, end)
        .when(update({ name: 'Ada King' }))
        .thenRejected(UserNotFound);
  });
});
