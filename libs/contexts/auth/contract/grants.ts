import type { Role } from './vocabulary.js';

/** By user id, what was granted to whom; nobody is in it without a role, and nobody's `user`, which everybody is. */
export type Grants = Readonly<Record<string, readonly Role[]>>;

export const withGrant = (grants: Grants, userId: string, role: Role): Grants => ({
  ...grants,
  [userId]: [...(grants[userId] ?? []), role],
});

export function withoutGrant(grants: Grants, userId: string, role: Role): Grants {
  const { [userId]: held = [], ...others } = grants;
  const left = held.filter((other) => other !== role);
  return left.length > 0 ? { ...others, [userId]: left } : others;
}
