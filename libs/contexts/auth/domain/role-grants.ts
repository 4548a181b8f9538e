import { Aggregate, fold, on } from '#kernel';

import {
  LastAdmin,
  RoleAlreadyGranted,
  RoleNotGranted,
  UserRoleGranted,
  UserRoleRevoked,
  withGrant,
  withoutGrant,
  type GrantRole,
  type Grants,
  type RevokeRole,
  type Role,
} from '../contract/index.js';
import { NoRolesGranted } from './errors.js';

interface RolesState {
  readonly grants: Grants;
}

/** Who holds which role. One for all users, so that the last administrator is known. */
export class RoleGrants extends Aggregate<RolesState> {
  static readonly streamType = 'auth.roles';
  static readonly NotFound = NoRolesGranted;

  protected readonly evolve = fold<RolesState>(
    on(UserRoleGranted, (roles, { userId, role }) => ({ grants: withGrant(roles?.grants ?? {}, userId, role) })),
    on(UserRoleRevoked, ({ grants }, { userId, role }) => ({ grants: withoutGrant(grants, userId, role) })),
  );

  grant({ userId, role }: GrantRole): void {
    if (role === 'user' || this.holds(userId, role)) throw new RoleAlreadyGranted(role);
    this.record(new UserRoleGranted({ rolesId: this.id, userId, role }));
  }

  revoke({ userId, role }: RevokeRole): void {
    if (!this.holds(userId, role)) throw new RoleNotGranted(role);
    if (role === 'admin' && this.admins === 1) throw new LastAdmin();
    this.record(new UserRoleRevoked({ rolesId: this.id, userId, role }));
  }

  private holds(userId: string, role: Role): boolean {
    return this.exists && (this.state.grants[userId]?.includes(role) ?? false);
  }

  private get admins(): number {
    return Object.values(this.state.grants).filter((roles) => roles.includes('admin')).length;
  }
}
