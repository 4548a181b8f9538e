import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import {
  GrantRole,
  LastAdmin,
  RevokeRole,
  RoleAlreadyGranted,
  RoleNotGranted,
  Roles,
  rolesId,
  UserRoleGranted,
  UserRoleRevoked,
  type Role,
} from '../contract/index.js';
import { RoleGrants } from './role-grants.js';

const at = new Date('2026-03-01T10:00:00.000Z');
const [ann, bob] = ['0196a1de-0000-7000-8000-00000000000a', '0196a1de-0000-7000-8000-00000000000b'] as const;

const granted = (userId: string, role: Role): UserRoleGranted => new UserRoleGranted({ rolesId, userId, role });
const grant = (userId: string, role: Role): GrantRole => new GrantRole({ rolesId, userId, role });
const revoke = (userId: string, role: Role): RevokeRole => new RevokeRole({ rolesId, userId, role });

function rolesAfter(...events: readonly object[]): RoleGrants {
  const past = events.map((event, index) => ({ event, version: index + 1, occurredAt: at, actor: ann }));
  return new RoleGrants(rolesId).restore(new RoleGrants(rolesId).replay(past), { at, actor: ann });
}

describe('Roles', () => {
  it('are granted once, to each by himself', () => {
    const roles = rolesAfter();
    roles.grant(grant(ann, 'analyst'));
    roles.grant(grant(bob, 'analyst'));
    roles.grant(grant(ann, 'admin'));
    expect(roles.recorded).toEqual([granted(ann, 'analyst'), granted(bob, 'analyst'), granted(ann, 'admin')]);
    expect(() => roles.grant(grant(ann, 'analyst'))).toThrow(RoleAlreadyGranted);
  });

  it('can be granted again once they were revoked', () => {
    const roles = rolesAfter(granted(ann, 'analyst'));
    roles.revoke(revoke(ann, 'analyst'));
    roles.grant(grant(ann, 'analyst'));
    expect(roles.recorded).toEqual([
      new UserRoleRevoked({ rolesId, userId: ann, role: 'analyst' }),
      granted(ann, 'analyst'),
    ]);
  });

  it('are revoked from those who hold them', () => {
    expect(() => rolesAfter(granted(ann, 'analyst')).revoke(revoke(bob, 'analyst'))).toThrow(RoleNotGranted);
    expect(() => rolesAfter(granted(ann, 'analyst')).revoke(revoke(ann, 'service'))).toThrow(RoleNotGranted);
  });

  it('hold the one that everybody has apart', () => {
    expect(() => rolesAfter().grant(grant(ann, 'user'))).toThrow(RoleAlreadyGranted);
    expect(() => rolesAfter(granted(ann, 'analyst')).revoke(revoke(ann, 'user'))).toThrow(RoleNotGranted);
  });

  it('know the last administrator', () => {
    expect(() => rolesAfter(granted(ann, 'admin'), granted(bob, 'analyst')).revoke(revoke(ann, 'admin'))).toThrow(
      LastAdmin,
    );
  });

  it('keep an administrator, once there is one, whatever is tried', () => {
    const attempts = fc.array(
      fc.record({
        act: fc.constantFrom('grant', 'revoke'),
        userId: fc.constantFrom(ann, bob),
        role: fc.constantFrom(...Roles),
      }),
    );
    fc.assert(
      fc.property(attempts, (tried) => {
        const roles = rolesAfter(granted(ann, 'admin'));
        const held = new Set([`${ann} admin`]);
        for (const { act, userId, role } of tried)
          try {
            if (act === 'grant') roles.grant(grant(userId, role));
            else roles.revoke(revoke(userId, role));
            const key = `${userId} ${role}`;
            expect(held.has(key)).toBe(act === 'revoke');
            if (act === 'grant') held.add(key);
            else held.delete(key);
          } catch (error) {
            expect([RoleAlreadyGranted, RoleNotGranted, LastAdmin]).toContain((error as Error).constructor);
          }
        expect([...held].some((key) => key.endsWith('admin'))).toBe(true);
      }),
    );
  });
});
