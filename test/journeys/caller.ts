import { accessToken } from '#testing/access-tokens.js';
import type { AppProcess } from '#testing/app-process.js';
import { HttpClient, type HttpAnswer, type HttpRequest } from '#testing/http-client.js';

type Headers = Readonly<Record<string, string>>;

/** An answer as these journeys look at it. */
export interface Answer extends HttpAnswer {
  readonly body: Readonly<Record<string, unknown>>;
}

/** Somebody with an access token, who sends requests of any kind to one API. */
export class Caller {
  readonly #http: HttpClient;
  /** The header that proves who it is. */
  readonly authorization: string;

  constructor(
    api: AppProcess,
    readonly userId: string,
    roles: readonly string[] = ['user'],
  ) {
    this.#http = new HttpClient(api.port);
    this.authorization = `Bearer ${accessToken(userId, roles)}`;
  }

  get(path: string, headers?: Headers): Promise<Answer> {
    return this.#send({ method: 'GET', path, headers });
  }

  post(path: string, body?: unknown, headers?: Headers): Promise<Answer> {
    return this.#send({ method: 'POST', path, body, headers });
  }

  patch(path: string, body: unknown, headers?: Headers): Promise<Answer> {
    return this.#send({ method: 'PATCH', path, body, headers });
  }

  delete(path: string, headers?: Headers): Promise<Answer> {
    return this.#send({ method: 'DELETE', path, headers });
  }

  /** A task that exists, with its tag. */
  async task(fields: object = {}): Promise<{ id: string; path: string; tag: string }> {
    const { status, body, headers, text } = await this.post(
      '/tasks',
      { title: 'Pack the bag', ...fields },
      waiting(10),
    );
    if (status !== 201) throw new Error(`no task was made: ${status} ${text}`);
    return { id: String(body.id), path: `/tasks/${String(body.id)}`, tag: String(headers.etag) };
  }

  /** What became of a command, once it is known. */
  async settled(commandId: unknown): Promise<Answer['body']> {
    return (await this.get(`/commands/${String(commandId)}`, waiting(10))).body;
  }

  close(): void {
    this.#http.close();
  }

  async #send({ path, headers, ...request }: HttpRequest): Promise<Answer> {
    return (await this.#http.send({
      ...request,
      path: `/api/v1${path}`,
      headers: { authorization: this.authorization, ...headers },
    })) as Answer;
  }
}

/** The wish to be told what became of a command. */
export const waiting = (seconds: number): Headers => ({ prefer: `wait=${seconds}` });

/** How long work took, in milliseconds, with its result. */
export async function timed<T>(work: Promise<T>): Promise<{ result: T; took: number }> {
  const started = performance.now();
  return { result: await work, took: performance.now() - started };
}
