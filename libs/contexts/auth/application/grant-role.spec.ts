import { describe, it } from '@jest/globals';

import { AdminOnly, GrantRole, RoleAlreadyGranted, rolesId, UserNotFound } from '../contract/index.js';
import { admin, authScenario, granted, happened, stranger, userId } from '../doubles/auth-scenario.js';
import { RoleGrantsRow } from '../read-models/role-grants.entity.js';

const grant = new GrantRole({ rolesId, userId, role: 'analyst' });
const byAdmin = () => authScenario().by(admin, 'user', 'admin');

describe('Granting a role', () => {
  it('tells who got which', () => byAdmin().given(happened.registered).when(grant).then(granted(userId, 'analyst')));

  it('holds at once, beside what was granted before', () =>
    byAdmin()
      .given(happened.registered, granted(admin, 'admin'), granted(userId, 'service'))
      .when(grant)
      .thenRow(RoleGrantsRow, rolesId, {
        grants: { [admin]: ['admin'], [userId]: ['service', 'analyst'] },
        revokedAt: {},
        version: 3,
      }));

  it('again is rejected', () =>
    byAdmin().given(happened.registered, granted(userId, 'analyst')).when(grant).thenRejected(RoleAlreadyGranted));

  it('is rejected for the role that everybody has', () =>
    byAdmin()
      .given(happened.registered)
      .when(new GrantRole({ ...grant, role: 'user' }))
      .thenRejected(RoleAlreadyGranted));

  it('is rejected for a role that there is not', () =>
    byAdmin()
      .given(happened.registered)
      .when(new GrantRole({ ...grant, role: 'emperor' as never }))
      .thenRejected({ kind: 'invalid' }));

  it('is rejected for a user who is deactivated, deleted or was never there', async () => {
    for (const end of [happened.deactivated, happened.deleted])
      await byAdmin().given(happened.registered, end).when(grant).thenRejected(UserNotFound);
    await byAdmin().when(grant).thenRejected(UserNotFound);
  });

  it('is granted to the system before the registration has been run', () =>
    authScenario().by('system', 'admin').when(grant).then(granted(userId, 'analyst')));

  it('is for administrators, and tells nobody else who is there', async () => {
    await authScenario().given(happened.registered).by(userId, 'user').when(grant).thenRejected(AdminOnly);
    await authScenario().by(stranger, 'user', 'analyst').when(grant).thenRejected(AdminOnly);
  });

  it('has one place', () =>
    byAdmin()
      .given(happened.registered)
      .when(new GrantRole({ ...grant, rolesId: userId }))
      .thenRejected({ kind: 'invalid' }));
});
