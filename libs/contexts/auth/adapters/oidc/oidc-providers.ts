import type { Provider } from '@nestjs/common';

import { ApiSettings } from '#platform/config/settings.js';

import { BrowserCookie } from './browser-cookie.js';
import { ExternalSignIn } from './external-sign-in.js';
import { IdentityProvider } from './identity-provider.js';
import { OpenIdConnectProvider } from './openid-connect-provider.js';
import { SignInFlows } from './sign-in-flows.js';

const callback = '/api/v1/auth/oauth/google/callback';

/** Without a public address only this machine reaches the API. */
const publicUrl = ({ publicUrl: url, port }: ApiSettings): string => url || `http://127.0.0.1:${port}`;

/** What the API needs to let people in whom an identity provider names. */
export const oidcProviders: readonly Provider[] = [
  SignInFlows,
  ExternalSignIn,
  {
    provide: BrowserCookie,
    inject: [ApiSettings],
    useFactory: (settings: ApiSettings) => new BrowserCookie(publicUrl(settings)),
  },
  {
    provide: IdentityProvider,
    inject: [ApiSettings],
    useFactory: (settings: ApiSettings) =>
      new OpenIdConnectProvider({
        name: 'google',
        issuer: settings.oidcGoogleIssuer,
        clientId: settings.oidcGoogleClientId,
        clientSecret: settings.oidcGoogleClientSecret,
        redirectUri: `${publicUrl(settings)}${callback}`,
        production: settings.nodeEnv === 'production',
        settings: ['OIDC_GOOGLE_CLIENT_ID', 'OIDC_GOOGLE_CLIENT_SECRET'],
      }),
  },
];
