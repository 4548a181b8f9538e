import { describe, it } from '@jest/globals';

import { AdminOnly, LastAdmin, RevokeRole, RoleNotGranted, rolesId } from '../contract/index.js';
import { NoRolesGranted } from '../domain/errors.js';
import { admin, authScenario, granted, now, revoked, userId } from '../doubles/auth-scenario.js';
import { RoleGrantsRow } from '../read-models/role-grants.entity.js';

const revoke = (from: string, role: 'user' | 'analyst' | 'admin'): RevokeRole =>
  new RevokeRole({ rolesId, userId: from, role });
const byAdmin = () => authScenario().by(admin, 'user', 'admin');
const past = [granted(admin, 'admin'), granted(userId, 'analyst')];

describe('Revoking a role', () => {
  it('tells who lost which', () =>
    byAdmin()
      .given(...past)
      .when(revoke(userId, 'analyst'))
      .then(revoked(userId, 'analyst')));

  it('holds at once, and is known to those who look for tokens to refuse', () =>
    byAdmin()
      .given(...past)
      .when(revoke(userId, 'analyst'))
      .thenRow(RoleGrantsRow, rolesId, { grants: { [admin]: ['admin'] }, revokedAt: { [userId]: now }, version: 3 }));

  it('is rejected where it was not granted', async () => {
    await byAdmin()
      .given(...past)
      .when(revoke(userId, 'admin'))
      .thenRejected(RoleNotGranted);
    await byAdmin()
      .given(...past, revoked(userId, 'analyst'))
      .when(revoke(userId, 'analyst'))
      .thenRejected(RoleNotGranted);
    await byAdmin().when(revoke(userId, 'analyst')).thenRejected(NoRolesGranted);
  });

  it('is rejected for the role that everybody has', () =>
    byAdmin()
      .given(...past)
      .when(revoke(userId, 'user'))
      .thenRejected(RoleNotGranted));

  it('leaves an administrator', async () => {
    await byAdmin()
      .given(...past)
      .when(revoke(admin, 'admin'))
      .thenRejected(LastAdmin);
    await byAdmin()
      .given(...past, granted(userId, 'admin'))
      .when(revoke(admin, 'admin'))
      .then(revoked(admin, 'admin'));
  });

  it('is for administrators', () =>
    authScenario()
      .given(...past)
      .by(userId, 'user', 'analyst')
      .when(revoke(userId, 'analyst'))
      .thenRejected(AdminOnly));

  it('is granted to the policy that does it for users who were deleted', () =>
    authScenario()
      .given(...past)
      .by('system:auth.revoke_roles_of_deleted', 'system')
      .when(revoke(userId, 'analyst'))
      .then(revoked(userId, 'analyst')));
});
