import { ApiSettings } from '#platform/config/settings.js';
import { Database } from '#platform/database/database.js';
import { ContextApiModule } from '#platform/http/context-api-module.js';

import { AuthController } from './adapters/http/auth.controller.js';
import { EmailController } from './adapters/http/email.controller.js';
import { GoogleController } from './adapters/http/google.controller.js';
import { PasswordController } from './adapters/http/password.controller.js';
import { Registration } from './adapters/http/registration.js';
import { RolesController } from './adapters/http/roles.controller.js';
import { ServiceClientsController } from './adapters/http/service-clients.controller.js';
import { TokenController } from './adapters/http/token.controller.js';
import { UsersController } from './adapters/http/users.controller.js';
import { FailedSignIns } from './adapters/limits/failed-sign-ins.js';
import { LinkRequests } from './adapters/limits/link-requests.js';
import { LinkTokens } from './adapters/links/link-tokens.js';
import { oidcProviders } from './adapters/oidc/oidc-providers.js';
import { AccountPagesController } from './adapters/pages/account-pages.controller.js';
import { PasswordChecks } from './adapters/passwords/password-checks.js';
import { PasswordHashes } from './adapters/passwords/password-hashes.js';
import { serviceClientProviders } from './adapters/service-clients/service-client-providers.js';
import { PolledRevocations } from './adapters/sessions/polled-revocations.js';
import { RefreshCookie } from './adapters/sessions/refresh-cookie.js';
import { RefreshTokens } from './adapters/sessions/refresh-tokens.js';
import { SessionSweeper } from './adapters/sessions/session-sweeper.js';
import { Sessions } from './adapters/sessions/sessions.js';
import { SignIns } from './adapters/sessions/sign-ins.js';
import { AccountQueries } from './read-models/account.queries.js';
import { LoginQueries } from './read-models/login.queries.js';
import { AuthPersonalData } from './read-models/personal-data.js';
import { SessionQueries } from './read-models/session.queries.js';

@ContextApiModule({
  name: 'auth',
  tags: {
    auth: 'Signing in, sessions, passwords, roles',
    users: 'Accounts, profiles, and what is kept of a person',
    'service-clients': 'Programs that sign in by themselves',
  },
  controllers: [
    AuthController,
    TokenController,
    PasswordController,
    EmailController,
    RolesController,
    UsersController,
    ServiceClientsController,
    GoogleController,
    AccountPagesController,
  ],
  queries: [
    AccountQueries,
    LoginQueries,
    SessionQueries,
    Registration,
    SignIns,
    PasswordChecks,
    PasswordHashes,
    FailedSignIns,
    LinkRequests,
    PolledRevocations,
    SessionSweeper,
    ...serviceClientProviders,
    ...oidcProviders,
    {
      provide: Sessions,
      inject: [Database, ApiSettings],
      useFactory: (database: Database, { encryptionKeys }: ApiSettings) =>
        new Sessions(database, new RefreshTokens(encryptionKeys)),
    },
    {
      provide: RefreshCookie,
      inject: [ApiSettings],
      useFactory: (settings: ApiSettings) => new RefreshCookie(settings),
    },
    {
      provide: LinkTokens,
      inject: [ApiSettings],
      useFactory: ({ encryptionKeys }: ApiSettings) => new LinkTokens(encryptionKeys),
    },
  ],
  personalData: AuthPersonalData,
})
export class AuthApiModule {}
