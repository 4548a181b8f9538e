import { policy, send } from '#kernel';

import { RevokeRole, rolesId, UserDeleted } from '../contract/index.js';
import { RoleLookup } from './ports.js';

/** Nobody is left on the list of roles who is gone. */
export const revokeRolesOfDeleted = policy('auth.revoke_roles_of_deleted', UserDeleted, {
  from: RoleLookup,
  rows: (roles, { userId }) => roles.rolesOf(userId),
  then: ({ userId }, roles) => roles.map((role) => send(new RevokeRole({ rolesId, userId, role }), role)),
});
