import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Provider, type KoaContextWithOIDC } from 'oidc-provider';

/** Somebody with an account at the provider: the claims that it tells of them. */
export interface ProviderPerson {
  readonly sub: string;
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly name?: string;
  readonly given_name?: string;
  readonly family_name?: string;
}

/** Changes an ID token on its way to the client. */
export type Tampering = (idToken: string) => string | undefined;

/** Where the provider sends browsers back to: nothing needs to listen there. */
const publicUrl = 'http://127.0.0.1:9';
const personHeader = 'x-person';

/**
 * An identity provider on a port of 127.0.0.1, which speaks OpenID Connect as Google does. Its people sign in without a
 * password: the browser says who sits before it.
 */
export class OpenIdProvider {
  readonly clientId = 'contextflow';
  readonly clientSecret = randomBytes(24).toString('base64url');
  readonly redirectUri = `${publicUrl}/api/v1/auth/oauth/google/callback`;
  readonly #people = new Map<string, ProviderPerson>();
  readonly #asked: string[] = [];
  readonly #provider: Provider;
  #tampering: Tampering | undefined;
  #broken: number | undefined;

  private constructor(
    readonly issuer: string,
    private readonly server: Server,
  ) {
    this.#provider = quietly(() => this.#make());
    const answer = this.#provider.callback();
    server.on('request', (request, response) => {
      this.#asked.push(new URL(request.url ?? '/', issuer).pathname);
      if (this.#broken !== undefined) response.writeHead(this.#broken).end();
      else if (request.url?.startsWith('/interaction/')) void this.#interact(request, response);
      else void answer(request, response);
    });
  }

  static async start(): Promise<OpenIdProvider> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new OpenIdProvider(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, server);
  }

  /** What the API is started with to send people here. */
  get settings(): Readonly<Record<string, string>> {
    return {
      OIDC_GOOGLE_ISSUER: this.issuer,
      OIDC_GOOGLE_CLIENT_ID: this.clientId,
      OIDC_GOOGLE_CLIENT_SECRET: this.clientSecret,
      PUBLIC_URL: publicUrl,
    };
  }

  /** Paths that have been asked for. */
  get asked(): readonly string[] {
    return this.#asked;
  }

  /**
   * What a browser does that is sent here with that person before it.
   * @returns where it is sent back to, with a code or an error
   */
  async signIn(authorizationUrl: URL | string, person: ProviderPerson): Promise<URL> {
    this.#people.set(person.sub, person);
    const cookies = new Map<string, string>();
    let at = new URL(authorizationUrl);
    for (let hops = 0; hops < 8; hops++) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await fetch(at, { redirect: 'manual', headers: { cookie, [personHeader]: person.sub } });
      for (const line of answer.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        cookies.set(name, value);
      }
      const location = answer.headers.get('location');
      if (location === null) throw new Error(`${at.pathname} was answered ${answer.status}: ${await answer.text()}`);
      at = new URL(location, at);
      if (at.origin === publicUrl) return at;
    }
    throw new Error('the provider sends the browser in a circle');
  }

  /** From now on ID tokens are changed like this, or no more. */
  tamper(tampering: Tampering | undefined): void {
    this.#tampering = tampering;
  }

  /** From now on every request is answered with that status, or as it should be. */
  fail(status: number | undefined): void {
    this.#broken = status;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  #make(): Provider {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const provider: Provider = new Provider(this.issuer, {
      clients: [
        {
          client_id: this.clientId,
          client_secret: this.clientSecret,
          redirect_uris: [this.redirectUri],
          token_endpoint_auth_method: 'client_secret_post',
        },
      ],
      jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'first', alg: 'RS256', use: 'sig' }] as never },
      cookies: { keys: [randomBytes(32).toString('base64url')] },
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'given_name', 'family_name'] },
      // As Google does: everything is in the ID token.
      conformIdTokenClaims: false,
      pkce: { required: () => true },
      ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_, { uid }) => `/interaction/${uid}` },
      findAccount: (_, sub) => ({
        accountId: sub,
        claims: () => ({ ...(this.#people.get(sub) ?? { sub }) }),
      }),
      // Whoever is sent here has agreed to everything.
      loadExistingGrant: async ({ oidc }: KoaContextWithOIDC) => {
        const grant = new provider.Grant({ accountId: oidc.account?.accountId, clientId: oidc.client?.clientId });
        grant.addOIDCScope('openid email profile');
        await grant.save();
        return grant;
      },
    });
    provider.use(async (context, next) => {
      await next();
      const { body, path } = context as KoaContextWithOIDC & { body?: { id_token?: string } };
      if (path === '/token' && body?.id_token) body.id_token = this.#tampering?.(body.id_token) ?? body.id_token;
    });
    return provider;
  }

  async #interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const accountId = String(request.headers[personHeader]);
    await this.#provider.interactionFinished(request, response, { login: { accountId } });
  }
}

/** The package warns of what is on purpose here: HTTP, and memory as the only store. */
function quietly<T>(make: () => T): T {
  const { info, warn } = console;
  console.info = console.warn = () => undefined;
  try {
    return make();
  } finally {
    Object.assign(console, { info, warn });
  }
}
