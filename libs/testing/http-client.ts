import { Agent, request, type IncomingHttpHeaders } from 'node:http';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The body as JSON; undefined when it is empty or something else. */
  readonly body: unknown;
  readonly text: string;
}

export interface HttpRequest {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  /** Sent as JSON, unless it is text or bytes already. */
  readonly body?: unknown;
  /** Milliseconds. Default: 10 seconds. */
  readonly timeout?: number;
}

/** No answer came; whether the request was carried out is unknown, unless `sent` is false. */
export class NoAnswer extends Error {
  constructor(
    cause: Error,
    /** False when not even a connection came about. */
    readonly sent: boolean,
  ) {
    super(`no answer: ${cause.message}`, { cause });
  }
}

/** HTTP over kept-alive connections to one address. It never retries. */
export class HttpClient {
  readonly #agent: Agent;

  constructor(
    readonly port: number,
    connections = 64,
  ) {
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections, scheduling: 'fifo' });
  }

  /** @throws NoAnswer */
  send({ method = 'GET', path, headers = {}, body, timeout = 10_000 }: HttpRequest): Promise<HttpAnswer> {
    const text = body === undefined || typeof body === 'string' || body instanceof Buffer ? body : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          host: '127.0.0.1',
          port: this.port,
          agent: this.#agent,
          method,
          path,
          headers: {
            ...(text !== undefined && {
              'content-type': 'application/json',
              'content-length': String(Buffer.byteLength(text)),
            }),
            ...headers,
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', fail);
          response.on('end', () => {
            clearTimeout(timer);
            const answer = Buffer.concat(chunks).toString('utf8');
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              text: answer,
              body: parsed(answer),
            });
          });
        },
      );
      const timer = setTimeout(() => outgoing.destroy(new Error(`silent for ${timeout} ms`)), timeout);
      const fail = (error: Error): void => {
        clearTimeout(timer);
        reject(new NoAnswer(error, (error as { code?: unknown }).code !== 'ECONNREFUSED'));
      };
      outgoing.on('error', fail);
      outgoing.end(text);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
