import { expect, it } from '@jest/globals';

import type { AccountLookup, RoleLookup } from '../application/ports.js';
import {
  rolesId,
  UserActivated,
  UserDeactivated,
  UserDeleted,
  UserRegistered,
  UserRoleGranted,
  UserRoleRevoked,
  type Role,
} from '../contract/index.js';

type Asking<Lookup> = (past: readonly object[], ask: (lookup: Lookup) => Promise<void>) => Promise<void>;

const at = '2026-03-01T10:00:00.000Z';
let made = 0;
const newId = (): string => `0196a1de-0000-7000-8000-0000000e${String(++made).padStart(4, '0')}`;

/** What every `AccountLookup` promises. */
export function accountLookupContract(asking: Asking<AccountLookup>): void {
  const registered = (userId: string): UserRegistered =>
    new UserRegistered({
      userId,
      email: `${userId}@example.org`,
      username: `u_${userId.slice(-12)}`,
      name: '',
      source: 'password',
      emailVerified: false,
    });

  it('knows an account that is active', async () => {
    const userId = newId();
    await asking([registered(userId)], async (accounts) => expect(await accounts.isActive(userId)).toBe(true));
  });

  it('knows an account that is active again', async () => {
    const userId = newId();
    const past = [registered(userId), new UserDeactivated({ userId }), new UserActivated({ userId })];
    await asking(past, async (accounts) => expect(await accounts.isActive(userId)).toBe(true));
  });

  it('takes an account that is deactivated, deleted or was never there for none', async () => {
    const [inactive, deleted] = [newId(), newId()];
    const past = [
      registered(inactive),
      new UserDeactivated({ userId: inactive }),
      registered(deleted),
      new UserDeleted({ userId: deleted, emailHash: 'f3d1', deletedAt: at }),
    ];
    await asking(past, async (accounts) => {
      for (const userId of [inactive, deleted, newId()]) expect(await accounts.isActive(userId)).toBe(false);
    });
  });
}

/** What every `RoleLookup` promises. The first test needs a place where no role was ever granted. */
export function roleLookupContract(asking: Asking<RoleLookup>): void {
  const granted = (userId: string, role: Role): UserRoleGranted => new UserRoleGranted({ rolesId, userId, role });
  const revoked = (userId: string, role: Role): UserRoleRevoked => new UserRoleRevoked({ rolesId, userId, role });
  const [ann, bob] = [newId(), newId()];

  it('knows of no roles where none was granted', () =>
    asking([], async (roles) => {
      expect(await roles.rolesOf(ann)).toEqual([]);
      expect(await roles.countAdmins()).toBe(0);
    }));

  it('tells what is granted, to whom, and how many administrators there are', async () => {
    const past = [
      granted(ann, 'analyst'),
      granted(ann, 'admin'),
      granted(bob, 'admin'),
      granted(bob, 'service'),
      revoked(bob, 'admin'),
    ];
    await asking(past, async (roles) => {
      expect(await roles.rolesOf(ann)).toEqual(['analyst', 'admin']);
      expect(await roles.rolesOf(bob)).toEqual(['service']);
      expect(await roles.rolesOf(newId())).toEqual([]);
      expect(await roles.countAdmins()).toBe(1);
    });
  });
}
