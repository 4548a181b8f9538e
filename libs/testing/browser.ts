import type { HttpAnswer, HttpClient, HttpRequest } from './http-client.js';
import type { OpenIdProvider, ProviderPerson } from './openid-provider.js';

const routes = '/api/v1/auth/oauth/google';

/** A browser at one API: it keeps cookies, and goes to the identity provider and back as it is told. */
export class Browser {
  readonly #cookies = new Map<string, string>();

  constructor(private readonly http: HttpClient) {}

  /** With the cookies that it has; those of the answer are kept. */
  async send(request: HttpRequest): Promise<HttpAnswer> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(cookie && { cookie }), ...request.headers };
    const answer = await this.http.send({ ...request, headers });
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return answer;
  }

  /** Begins to sign in. Resolves with where it is sent. */
  async begin(): Promise<URL> {
    const { status, body, text } = await this.send({ path: `${routes}/authorize` });
    if (status !== 200) throw new Error(`the sign-in did not begin: ${status} ${text}`);
    return new URL((body as { authorization_url: string }).authorization_url);
  }

  /** Goes where the provider sends it: to the API, at whatever address that is known to the provider. */
  arrive({ search }: URL): Promise<HttpAnswer> {
    return this.send({ path: `${routes}/callback${search}` });
  }

  /** Signs in from the beginning to the end. */
  async signIn(provider: OpenIdProvider, person: ProviderPerson): Promise<HttpAnswer> {
    return this.arrive(await provider.signIn(await this.begin(), person));
  }
}
