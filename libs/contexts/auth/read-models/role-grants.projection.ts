import { fold, on, projection } from '#kernel';

import { UserRoleGranted, UserRoleRevoked, withGrant, withoutGrant } from '../contract/index.js';
import { RoleGrantsRow } from './role-grants.entity.js';

/** An access token lives for half an hour, but times are those of accepted commands, which may have had to wait. */
const aDay = 24 * 60 * 60 * 1000;

type RevokedAt = RoleGrantsRow['revokedAt'];

const since = (revokedAt: RevokedAt, at: Date): RevokedAt =>
  Object.fromEntries(Object.entries(revokedAt).filter(([, time]) => at.getTime() - new Date(time).getTime() < aDay));

export const roleGrants = projection('auth.role_grants', RoleGrantsRow, {
  inline: true,
  version: 2,
  fold: fold(
    on(UserRoleGranted, (row, { rolesId, userId, role }, { occurredAt }) => ({
      id: rolesId,
      grants: withGrant(row?.grants ?? {}, userId, role),
      revokedAt: since(row?.revokedAt ?? {}, occurredAt),
    })),
    on(UserRoleRevoked, (row, { userId, role }, { occurredAt }) => ({
      ...row,
      grants: withoutGrant(row.grants, userId, role),
      revokedAt: { ...since(row.revokedAt, occurredAt), [userId]: occurredAt.toISOString() },
    })),
  ),
});
