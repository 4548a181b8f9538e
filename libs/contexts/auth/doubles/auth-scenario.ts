import type { Provider } from '@nestjs/common';

import { scenario, type Scenario } from '#testing/scenario/scenario.js';

import { AccountLookup, EmailHashes, ObjectionLookup, RoleLookup } from '../application/ports.js';
import { AuthWorkerModule } from '../auth.worker.module.js';
import {
  AccountCredentialsSet,
  AccountIdentityLinked,
  rolesId,
  UserActivated,
  UserDeactivated,
  UserDeleted,
  UserPasswordResetRequested,
  UserRegistered,
  UserRoleGranted,
  UserRoleRevoked,
  UserVerificationRequested,
  UserVerified,
  type Role,
} from '../contract/index.js';
import { InMemoryAccountLookup } from './in-memory-account-lookup.js';
import { InMemoryObjections } from './in-memory-objections.js';
import { InMemoryRoleLookup } from './in-memory-role-lookup.js';
import { PlainEmailHashes } from './plain-email-hashes.js';

export const doubles: readonly Provider[] = [
  { provide: AccountLookup, useClass: InMemoryAccountLookup },
  { provide: RoleLookup, useClass: InMemoryRoleLookup },
  { provide: EmailHashes, useClass: PlainEmailHashes },
  { provide: ObjectionLookup, useClass: InMemoryObjections },
];

/** Begins a story of this context. */
export const authScenario = (): Scenario => scenario(AuthWorkerModule, { doubles });

export const userId = '0196a1de-0000-7000-8000-00000000000a';
export const stranger = '0196a1de-0000-7000-8000-00000000000b';
export const admin = '0196a1de-0000-7000-8000-00000000000c';
export const requestId = '0196a1de-0000-7000-8000-0000000000f1';
export const sessionId = '0196a1de-0000-7000-8000-0000000000e1';
/** When commands are accepted in a story. */
export const now = '2026-03-01T10:00:00.000Z';
/** When a link expires that is still good then. */
export const later = '2026-03-01T11:00:00.000Z';

export const passwordHash =
  '$argon2id$v=19$m=19456,t=2,p=1$c29tZSBzYWx0IDE2IGJ5dA$b25lIG9mIDMyIGJ5dGVzLCBuZXZlciB2ZXJpZmllZCE';
export const otherHash =
  '$argon2id$v=19$m=19456,t=2,p=1$b3RoZXIgc2FsdCAxNiBieQ$YW5vdGhlciBvZiAzMiBieXRlcywgbmV2ZXIgdmVyaWZ5IQ';

/** Where the account's mail goes, and whom it greets. */
export const reached = { email: 'ada@example.org', username: 'ada_l' };
const identity = { ...reached, name: 'Ada Lovelace' };

/** What may have happened to one account, or happens to it now. */
export const happened = {
  registered: new UserRegistered({ userId, ...identity, source: 'password', emailVerified: false }),
  credentialsSet: new AccountCredentialsSet({ userId, passwordHash }),
  identityLinked: new AccountIdentityLinked({ userId, provider: 'google', subject: '1082' }),
  verificationRequested: new UserVerificationRequested({ userId, ...reached, requestId, expiresAt: later }),
  verified: new UserVerified({ userId, verifiedAt: now }),
  resetRequested: new UserPasswordResetRequested({ userId, ...reached, requestId, expiresAt: later }),
  activated: new UserActivated({ userId }),
  deactivated: new UserDeactivated({ userId }),
  deleted: new UserDeleted({ userId, emailHash: 'hash of ada@example.org', deletedAt: now }),
};

export const granted = (to: string, role: Role): UserRoleGranted => new UserRoleGranted({ rolesId, userId: to, role });
export const revoked = (from: string, role: Role): UserRoleRevoked =>
  new UserRoleRevoked({ rolesId, userId: from, role });
