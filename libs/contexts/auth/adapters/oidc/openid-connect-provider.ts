import { Logger } from '@nestjs/common';
import * as oidc from 'openid-client';

import { OAuthExchangeFailed, providerNotConfigured, providerUnavailable } from './errors.js';
import { identityOf } from './external-identity.js';
import {
  IdentityProvider,
  type ExternalIdentity,
  type ProviderAnswer,
  type SignInAttempt,
} from './identity-provider.js';
import { isAway, ProviderConnection } from './provider-connection.js';

export interface OpenIdConnectOptions {
  /** What accounts and events call the provider. */
  readonly name: string;
  readonly issuer: string;
  /** Empty: nobody can sign in by it. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where the provider sends browsers back to. */
  readonly redirectUri: string;
  readonly production: boolean;
  /** Told to whoever has not set client id and secret. */
  readonly settings: readonly string[];
  /** Milliseconds for one request to the provider. */
  readonly patience?: number;
}

/** What a provider says of itself is asked for again after so long, in milliseconds. */
const metadataAge = 24 * 60 * 60_000;
/** Clocks may differ by so many seconds. */
const clockTolerance = 30;
const scope = 'openid email profile';

/**
 * An identity provider that speaks OpenID Connect: the authorization code flow with PKCE. ID tokens are checked whole:
 * signature, issuer, audience, times and nonce.
 */
export class OpenIdConnectProvider extends IdentityProvider {
  readonly name: string;
  readonly #log = new Logger(OpenIdConnectProvider.name);
  readonly #connection: ProviderConnection;
  #discovered: { readonly until: number; readonly client: Promise<oidc.Configuration> } | undefined;

  constructor(private readonly options: OpenIdConnectOptions) {
    super();
    this.name = options.name;
    this.#connection = new ProviderConnection(options.patience ?? 4_000);
  }

  async authorizationUrl({ state, nonce, codeVerifier }: SignInAttempt): Promise<URL> {
    return oidc.buildAuthorizationUrl(await this.#client(), {
      redirect_uri: this.options.redirectUri,
      scope,
      state,
      nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
    });
  }

  async exchange(answer: ProviderAnswer, attempt: SignInAttempt): Promise<ExternalIdentity> {
    return identityOf(this.name, await this.#claims(await this.#client(), answer, attempt));
  }

  async #claims(
    client: oidc.Configuration,
    { code, issuer }: ProviderAnswer,
    { state, nonce, codeVerifier }: SignInAttempt,
  ): Promise<oidc.IDToken> {
    const answered = new URL(this.options.redirectUri);
    answered.search = new URLSearchParams({ code, state, ...(issuer !== undefined && { iss: issuer }) }).toString();
    try {
      const tokens = await oidc.authorizationCodeGrant(client, answered, {
        pkceCodeVerifier: codeVerifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      });
      return tokens.claims() as oidc.IDToken;
    } catch (error) {
      this.#log.warn({ message: `a sign-in by ${this.name} failed`, error: explained(error) });
      throw isAway(error) ? providerUnavailable() : new OAuthExchangeFailed();
    }
  }

  async #client(): Promise<oidc.Configuration> {
    const { clientId, clientSecret, issuer, settings } = this.options;
    if (!clientId || !clientSecret) throw providerNotConfigured(settings);
    const now = performance.now();
    if (!this.#discovered || now > this.#discovered.until)
      this.#discovered = { until: now + metadataAge, client: this.#discover() };
    const { client } = this.#discovered;
    try {
      return await client;
    } catch (error) {
      if (this.#discovered?.client === client) this.#discovered = undefined;
      this.#log.warn({ message: `the identity provider ${issuer} cannot be used`, error: explained(error) });
      throw providerUnavailable();
    }
  }

  #discover(): Promise<oidc.Configuration> {
    const { issuer, clientId, clientSecret, production } = this.options;
    const url = new URL(issuer);
    const loopback = url.protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
    return oidc.discovery(
      url,
      clientId,
      { [oidc.clockTolerance]: clockTolerance },
      oidc.ClientSecretPost(clientSecret),
      {
        [oidc.customFetch]: this.#connection.fetch,
        timeout: this.#connection.longest / 1_000,
        // Without the first, a token from the token endpoint would be taken without a look at its signature.
        execute: [oidc.enableNonRepudiationChecks, ...(loopback && !production ? [oidc.allowInsecureRequests] : [])],
      },
    );
  }
}

/** What happened, without anything of what was sent or received. */
function explained(error: unknown): string {
  if (error instanceof oidc.ResponseBodyError) return `${error.message}: ${error.error} (${error.status})`;
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}
