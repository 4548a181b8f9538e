import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

import jwt from 'jsonwebtoken';

interface PushMessage {
  readonly token: string;
  readonly notification: { readonly title: string; readonly body: string };
  readonly data: Readonly<Record<string, string>>;
}

type Behaviour = 'drop' | { readonly status: number; readonly reason?: string };

/** Takes push messages on 127.0.0.1 as Firebase Cloud Messaging does, from whoever has a token of its own. */
export class PushProvider {
  readonly messages: PushMessage[] = [];
  /** How many access tokens were asked for. */
  tokens = 0;
  readonly #behaviours = new Map<string, Behaviour>();
  readonly #keys = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  readonly #server = createServer((request, response) => {
    const answered = request.url === '/token' ? this.#authorize(request, response) : this.#take(request, response);
    answered.catch(() => request.socket.destroy());
  });

  static async start(): Promise<PushProvider> {
    const provider = new PushProvider();
    await new Promise<void>((resolve) => provider.#server.listen(0, '127.0.0.1', resolve));
    return provider;
  }

  get url(): string {
    const address = this.#server.address();
    if (typeof address !== 'object' || !address) throw new Error('the provider does not listen');
    return `http://127.0.0.1:${address.port}`;
  }

  /** What workers are started with to send by it. */
  get settings(): Readonly<Record<'FCM_URL' | 'FCM_SERVICE_ACCOUNT', string>> {
    const account = {
      project_id: 'births',
      client_email: 'sender@births.example.org',
      private_key: this.#keys.privateKey,
      token_uri: `${this.url}/token`,
    };
    return { FCM_URL: this.url, FCM_SERVICE_ACCOUNT: JSON.stringify(account) };
  }

  behave(device: string, behaviour: Behaviour): void {
    this.#behaviours.set(device, behaviour);
  }

  /** Takes no token any more that it gave before. */
  revoke(): void {
    this.tokens++;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #authorize(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const assertion = new URLSearchParams(await text(request)).get('assertion') ?? '';
    try {
      jwt.verify(assertion, this.#keys.publicKey, { algorithms: ['RS256'], audience: `${this.url}/token` });
    } catch {
      return answer(response, 400, { error: 'invalid_grant' });
    }
    return answer(response, 200, { access_token: `access-${++this.tokens}`, expires_in: 3_600 });
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { message } = JSON.parse(await text(request)) as { message: PushMessage };
    if (request.url !== '/v1/projects/births/messages:send') return answer(response, 404, {});
    if (request.headers.authorization !== `Bearer access-${this.tokens}`)
      return answer(response, 401, { error: { status: 'UNAUTHENTICATED' } });
    const behaviour = this.#behaviours.get(message.token);
    if (behaviour === 'drop') return void request.socket.destroy();
    if (behaviour) return answer(response, behaviour.status, { error: { status: behaviour.reason } });
    this.messages.push(message);
    return answer(response, 200, { name: `projects/births/messages/${this.messages.length}` });
  }
}

async function text(request: IncomingMessage): Promise<string> {
  let read = '';
  for await (const chunk of request.setEncoding('utf8')) read += String(chunk);
  return read;
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
