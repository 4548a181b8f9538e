import { Repository } from '#kernel';

import { DeletionObjections, type Role } from '../contract/index.js';
import type { Account } from '../domain/account.js';
import type { RoleGrants } from '../domain/role-grants.js';
import type { ServiceClient } from '../domain/service-client.js';
import type { Session } from '../domain/session.js';

export abstract class AccountRepository extends Repository<Account> {}

export abstract class RoleGrantsRepository extends Repository<RoleGrants> {}

export abstract class SessionRepository extends Repository<Session> {}

export abstract class ServiceClientRepository extends Repository<ServiceClient> {}

/** Asks for accounts as the last committed commands left them. */
export abstract class AccountLookup {
  /** Whether there is such an account, and it is active. */
  abstract isActive(userId: string): Promise<boolean>;
}

/** Asks for granted roles as the last committed commands left them. */
export abstract class RoleLookup {
  /** What was granted to that user; `user`, which everybody is, is not among it. */
  abstract rolesOf(userId: string): Promise<readonly Role[]>;
  /** How many administrators there are. */
  abstract countAdmins(): Promise<number>;
}

/** Tells equal addresses apart from others without telling them. */
export abstract class EmailHashes {
  /** The same for the same address, and to nobody without the key a hint of it. */
  abstract of(email: string): string;
}

/** Asks the other contexts. */
export abstract class ObjectionLookup extends DeletionObjections {}
