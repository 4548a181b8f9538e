import { accessToken } from './access-tokens.js';
import { eventually, type Patience } from './eventually.js';
import { HttpClient, NoAnswer, type HttpAnswer, type HttpRequest } from './http-client.js';
import type { Attempt, Intent, Ledger } from './ledger.js';

/** The answer to an accepted command. */
export interface Accepted {
  readonly command_id: string;
  readonly resource_id: string;
  readonly status: string;
  readonly type: string;
  readonly links: { readonly self: string };
}

/** The answer of `GET /commands/{id}`. */
export interface CommandStatus {
  readonly command_id: string;
  readonly status: string;
  readonly type?: string;
  readonly resource_id?: string;
  readonly attempts?: number;
  readonly blocked_by?: string;
  readonly problem?: { readonly status: number; readonly reason: string };
}

export const settled: readonly string[] = ['succeeded', 'rejected', 'discarded'];

/** A user with an access token, at one API. */
export class Client {
  readonly #headers: Readonly<Record<string, string>>;

  constructor(
    readonly http: HttpClient,
    readonly userId: string,
    roles: readonly string[] = ['user'],
  ) {
    this.#headers = { authorization: `Bearer ${accessToken(userId, roles)}` };
  }

  /** The header with which requests are sent in the user's name. */
  get authorization(): string {
    return this.#headers.authorization as string;
  }

  get(path: string): Promise<HttpAnswer> {
    return this.http.send({ path: `/api/v1${path}`, headers: this.#headers });
  }

  post(path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<HttpAnswer> {
    return this.http.send({ method: 'POST', path: `/api/v1${path}`, body, headers: { ...this.#headers, ...headers } });
  }

  /** Any request in the user's name, to a path from the root. */
  send(request: HttpRequest): Promise<HttpAnswer> {
    return this.http.send({ ...request, headers: { ...this.#headers, ...request.headers } });
  }

  /** Sends a command that is expected to be accepted. */
  async command(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Accepted> {
    const answer = await this.post(path, body, headers);
    if (answer.status !== 202) throw new Error(`POST ${path} was answered ${answer.status}: ${answer.text}`);
    return answer.body as Accepted;
  }

  async status(commandId: string): Promise<CommandStatus> {
    const answer = await this.get(`/commands/${commandId}`);
    if (answer.status !== 200) throw new Error(`GET /commands/${commandId} was answered ${answer.status}`);
    return answer.body as CommandStatus;
  }

  /** Resolves with a command's status once it is one of those. */
  async outcome(commandId: string, statuses = settled, patience?: Patience): Promise<CommandStatus> {
    return eventually(
      `command ${commandId} is ${statuses.join(' or ')}`,
      async () => {
        const status = await this.status(commandId);
        return statuses.includes(status.status) ? status : undefined;
      },
      patience,
    );
  }

  /** Sends an intent once, and writes down what came of it. */
  async attempt(intent: Intent, ledger: Ledger): Promise<Attempt> {
    const { method = 'POST', path, body, key } = intent;
    const request = { method, path: `/api/v1${path}`, body, headers: { 'idempotency-key': key } };
    const attempt = await this.send(request).then(attemptOf, (error: unknown): Attempt => {
      if (!(error instanceof NoAnswer)) throw error;
      return { outcome: error.sent ? 'unknown' : 'failed', status: 0, detail: error.message };
    });
    ledger.record(intent, attempt);
    return attempt;
  }
}

function attemptOf({ status, headers, body, text }: HttpAnswer): Attempt {
  const contentType = headers['content-type']?.split(';')[0];
  const { command_id: commandId, resource_id: resourceId } = (body ?? {}) as Partial<Accepted>;
  if (status === 202) return { outcome: 'ok', status, commandId, resourceId, contentType };
  return { outcome: status >= 500 ? 'unknown' : 'failed', status, commandId, contentType, detail: text.slice(0, 500) };
}
