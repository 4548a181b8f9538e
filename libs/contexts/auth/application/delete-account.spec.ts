import { describe, it } from '@jest/globals';

import {
  AdminRoleHeld,
  DeleteAccount,
  LastAdmin,
  UserDeleted,
  UserNotFound,
  UserRegistered,
} from '../contract/index.js';
import { admin, authScenario, granted, happened, now, stranger, userId } from '../doubles/auth-scenario.js';
import { InMemoryObjections, StillNeeded } from '../doubles/in-memory-objections.js';
import { AccountEndingRow } from '../read-models/account-ending.entity.js';
import { AccountRow } from '../read-models/account.entity.js';
import { CredentialsRow } from '../read-models/credentials.entity.js';

const deleting = new DeleteAccount({ userId });
const past = [happened.registered, happened.credentialsSet];

describe('Deleting an account', () => {
  it('tells so, with a hash of the e-mail address and not the address', () =>
    authScenario()
      .given(...past)
      .when(deleting)
      .then(new UserDeleted({ userId, emailHash: 'hash of ada@example.org', deletedAt: now })));

  it('leaves neither the account nor what proves its password', async () => {
    const given = authScenario().given(...past);
    await given.when(deleting).thenRow(AccountRow, userId, null);
    await given.when(deleting).thenRow(CredentialsRow, userId, null);
  });

  it('puts it among the accounts that have ended', () =>
    authScenario()
      .given(...past)
      .when(deleting)
      .thenRow(AccountEndingRow, userId, { endedAt: new Date(now) }));

  it('is granted to administrators, though the account be deactivated', () =>
    authScenario()
      .given(...past, happened.deactivated)
      .by(admin, 'user', 'admin')
      .when(deleting)
      .then(happened.deleted));

  it('is rejected to anyone else, as if there were no user', () =>
    authScenario()
      .given(...past)
      .by(stranger, 'user')
      .when(deleting)
      .thenRejected(UserNotFound));

  it('is rejected to the owner of a deactivated account', () =>
    authScenario()
      .given(...past, happened.deactivated)
      .when(deleting)
      .thenRejected(UserNotFound));

  it('happens once', () =>
    authScenario()
      .given(...past, happened.deleted)
      .when(deleting)
      .thenRejected(UserNotFound));

  it('is rejected while another context needs the person', () => {
    const needed = { userId: InMemoryObjections.needed };
    return authScenario()
      .given(new UserRegistered({ ...happened.registered, ...needed }))
      .when(new DeleteAccount(needed))
      .thenRejected(StillNeeded);
  });

  it('tells nobody else that it is needed', () => {
    const needed = { userId: InMemoryObjections.needed };
    return authScenario()
      .given(new UserRegistered({ ...happened.registered, ...needed }))
      .by(stranger, 'user')
      .when(new DeleteAccount(needed))
      .thenRejected(UserNotFound);
  });

  it('is rejected for administrators until the role is revoked', async () => {
    const administrator = authScenario().given(...past, granted(userId, 'admin'));
    await administrator.when(deleting).thenRejected(LastAdmin);
    await administrator.given(granted(admin, 'admin')).when(deleting).thenRejected(AdminRoleHeld);
  });
});
