import type { Actor } from '#kernel';

import type { AdminStanding } from '../domain/account.js';
import type { Asker } from '../domain/asker.js';
import type { RoleLookup } from './ports.js';

export const askerOf = (actor: Actor): Asker => ({ id: actor.id, asAdmin: actor.is('admin') });

/** Whether somebody is an administrator, and another one would be left. */
export async function standingOf(userId: string, roles: RoleLookup): Promise<AdminStanding> {
  if (!(await roles.rolesOf(userId)).includes('admin')) return 'none';
  return (await roles.countAdmins()) > 1 ? 'one_of_several' : 'only_one';
}
