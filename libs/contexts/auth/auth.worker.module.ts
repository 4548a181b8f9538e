import { repository } from '#platform/engine/aggregate-repository.js';
import { ContextWorkerModule } from '#platform/engine/context-worker-module.js';

import { HmacEmailHashes } from './adapters/email-hashes.js';
import { PostgresAccountLookup } from './adapters/lookups/postgres-account.lookup.js';
import { PostgresRoleLookup } from './adapters/lookups/postgres-role.lookup.js';
import { ActivateAccountHandler } from './application/activate-account.handler.js';
import { ChangePasswordHandler } from './application/change-password.handler.js';
import { CreateServiceClientHandler } from './application/create-service-client.handler.js';
import { DeactivateAccountHandler } from './application/deactivate-account.handler.js';
import { DeleteAccountHandler } from './application/delete-account.handler.js';
import { EndAllSessionsHandler } from './application/end-all-sessions.handler.js';
import { GrantRoleHandler } from './application/grant-role.handler.js';
import { LinkIdentityHandler } from './application/link-identity.handler.js';
import {
  AccountLookup,
  AccountRepository,
  EmailHashes,
  ObjectionLookup,
  RoleGrantsRepository,
  RoleLookup,
  ServiceClientRepository,
  SessionRepository,
} from './application/ports.js';
import { RecordSessionEndHandler } from './application/record-session-end.handler.js';
import { RecordSessionRefreshHandler } from './application/record-session-refresh.handler.js';
import { RecordSignInHandler } from './application/record-sign-in.handler.js';
import { RegisterExternalUserHandler } from './application/register-external-user.handler.js';
import { RegisterUserHandler } from './application/register-user.handler.js';
import { RequestEmailVerificationHandler } from './application/request-email-verification.handler.js';
import { RequestPasswordResetHandler } from './application/request-password-reset.handler.js';
import { ResetPasswordHandler } from './application/reset-password.handler.js';
import { RevokeRoleHandler } from './application/revoke-role.handler.js';
import { revokeRolesOfDeleted } from './application/revoke-roles-of-deleted.policy.js';
import { RevokeServiceClientHandler } from './application/revoke-service-client.handler.js';
import { UpdateAccountHandler } from './application/update-account.handler.js';
import { VerifyEmailHandler } from './application/verify-email.handler.js';
import { VerifyUserHandler } from './application/verify-user.handler.js';
import { DeletionObjections } from './contract/index.js';
import { Account } from './domain/account.js';
import { RoleGrants } from './domain/role-grants.js';
import { ServiceClient } from './domain/service-client.js';
import { Session } from './domain/session.js';
import { accountEndings } from './read-models/account-ending.projection.js';
import { accounts } from './read-models/account.projection.js';
import { credentials } from './read-models/credentials.projection.js';
import { roleGrants } from './read-models/role-grants.projection.js';
import { serviceClients } from './read-models/service-client.projection.js';

@ContextWorkerModule({
  name: 'auth',
  handlers: [
    RegisterUserHandler,
    RegisterExternalUserHandler,
    LinkIdentityHandler,
    UpdateAccountHandler,
    ActivateAccountHandler,
    DeactivateAccountHandler,
    DeleteAccountHandler,
    ChangePasswordHandler,
    RequestPasswordResetHandler,
    ResetPasswordHandler,
    RequestEmailVerificationHandler,
    VerifyEmailHandler,
    VerifyUserHandler,
    RecordSignInHandler,
    RecordSessionRefreshHandler,
    RecordSessionEndHandler,
    EndAllSessionsHandler,
    GrantRoleHandler,
    RevokeRoleHandler,
    CreateServiceClientHandler,
    RevokeServiceClientHandler,
  ],
  projections: [accounts, credentials, accountEndings, roleGrants, serviceClients],
  policies: [revokeRolesOfDeleted],
  ports: [
    repository(AccountRepository, Account),
    repository(SessionRepository, Session),
    repository(RoleGrantsRepository, RoleGrants),
    repository(ServiceClientRepository, ServiceClient),
    { provide: AccountLookup, useClass: PostgresAccountLookup },
    { provide: RoleLookup, useClass: PostgresRoleLookup },
    { provide: EmailHashes, useClass: HmacEmailHashes },
    { provide: ObjectionLookup, useExisting: DeletionObjections },
  ],
})
export class AuthWorkerModule {}
