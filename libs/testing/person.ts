import { LinkTokens, type LinkPurpose } from '#contexts/auth/adapters/links/link-tokens.js';
import { newId } from '#kernel';
import { development } from '#platform/config/development.js';

import type { AppProcess } from './app-process.js';
import { eventually } from './eventually.js';
import { HttpClient, type HttpAnswer, type HttpRequest } from './http-client.js';
import type { TestDatabase } from './test-database.js';

type Method = NonNullable<HttpRequest['method']>;
type Headers = HttpRequest['headers'];

/** An answer whose body is an object. */
export interface Answer extends HttpAnswer {
  readonly body: Readonly<Record<string, unknown>>;
}

/** Somebody who registers and signs in as people do, by HTTP alone, and reads their mail. */
export class Person {
  readonly #http: HttpClient;
  readonly #links: LinkTokens;
  accessToken: string | undefined;
  refreshToken: string | undefined;
  /** Known once they have registered. */
  id = '';
  email: string;
  username: string;
  password = 'correct horse battery';

  constructor(
    api: AppProcess,
    private readonly database: TestDatabase,
    encryptionKeys: string = development.encryptionKeys,
  ) {
    this.#http = new HttpClient(api.port);
    this.#links = new LinkTokens(encryptionKeys);
    this.username = `ada_${newId().slice(-12)}`;
    this.email = `${this.username}@example.org`;
  }

  get identity(): { readonly email: string; readonly username: string } {
    return { email: this.email, username: this.username };
  }

  async register(more: object = {}): Promise<Answer> {
    const answer = await this.send('POST', '/auth/register', { ...this.identity, password: this.password, ...more });
    if (answer.status === 201) this.id = String(answer.body.id);
    return answer;
  }

  async login(credentials: object = { email: this.email, password: this.password }): Promise<Answer> {
    return this.#keep(await this.send('POST', '/auth/login', credentials));
  }

  async refresh(refreshToken = this.refreshToken): Promise<Answer> {
    return this.#keep(await this.send('POST', '/auth/refresh', { refresh_token: refreshToken }));
  }

  /** @throws Error unless both succeed */
  async join(): Promise<this> {
    for (const answer of [await this.register(), await this.login()])
      if (answer.status >= 300) throw new Error(`${answer.status} ${answer.text}`);
    return this;
  }

  /** A second device of the same person. */
  another(api: AppProcess): Person {
    const { id, email, username, password } = this;
    return Object.assign(new Person(api, this.database), { id, email, username, password });
  }

  get(path: string, headers?: Headers): Promise<Answer> {
    return this.send('GET', path, undefined, headers);
  }

  post(path: string, body?: unknown, headers?: Headers): Promise<Answer> {
    return this.send('POST', path, body, headers);
  }

  /** With the access token, if there is one. */
  async send(method: Method, path: string, body?: unknown, headers: Headers = {}): Promise<Answer> {
    const authorization = this.accessToken && { authorization: `Bearer ${this.accessToken}` };
    const request = {
      method,
      path: `/api/v1${path}`,
      body,
      headers: { ...authorization, ...headers },
      timeout: 30_000,
    };
    return (await this.#http.send(request)) as Answer;
  }

  /** The token of the last link that was sent to them. */
  async link(purpose: LinkPurpose): Promise<string> {
    const found = await eventually(`a link for ${purpose} is there`, async () => {
      const rows = await this.database.query<{ request_id: string; expires_at: Date }>(
        `select request_id, expires_at from auth.accounts,
           jsonb_to_recordset(outstanding) as request(request_id uuid, purpose text, expires_at timestamptz)
         where email = $1 and purpose = $2 order by expires_at desc limit 1`,
        [this.email, purpose],
      );
      return rows[0];
    });
    return this.#links.make(purpose, { userId: this.id, requestId: found.request_id, expiresAt: found.expires_at });
  }

  close(): void {
    this.#http.close();
  }

  #keep(answer: Answer): Answer {
    if (answer.status === 200) {
      this.accessToken = String(answer.body.access_token);
      this.refreshToken = answer.body.refresh_token as string | undefined;
    }
    return answer;
  }
}
