import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

import type { HttpAnswer } from '#testing/http-client.js';

/** A TCP connection to an API, over which anything can be sent. */
export class RawConnection {
  #received = '';
  #ended = false;
  readonly #end: Promise<void>;

  private constructor(private readonly socket: Socket) {
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => (this.#received += text));
    // A server that has had enough resets the connection.
    socket.on('error', () => undefined);
    this.#end = new Promise((resolve) => {
      const ended = (): void => {
        this.#ended = true;
        resolve();
      };
      socket.once('end', ended).once('close', ended);
    });
  }

  static async open(port: number): Promise<RawConnection> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    return new RawConnection(socket);
  }

  /** The server has closed it. */
  get ended(): boolean {
    return this.#ended;
  }

  /** What has been received so far. */
  get received(): string {
    return this.#received;
  }

  write(text: string): void {
    if (this.socket.writable) this.socket.write(text);
  }

  /** Resolves with all that was received once the server has closed it. */
  async closed(within = 10_000): Promise<string> {
    await patiently(this.#end, within, () => `the connection was still open after ${within} ms; ${this.#seen()}`);
    return this.#received;
  }

  /** Resolves with the first answer, once it is complete. */
  async answer(within = 10_000): Promise<HttpAnswer> {
    const complete = new Promise<void>((resolve) => {
      const look = (): void => {
        if (answerIn(this.#received)) resolve();
      };
      this.socket.on('data', look);
      look();
    });
    await patiently(
      Promise.race([complete, this.#end]),
      within,
      () => `no answer came within ${within} ms; ${this.#seen()}`,
    );
    const answer = answerIn(this.#received);
    if (!answer) throw new Error(`the connection was closed without an answer; ${this.#seen()}`);
    return answer;
  }

  /** The statuses of all answers so far. */
  statuses(): number[] {
    return [...this.#received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  }

  async close(): Promise<void> {
    this.socket.destroy();
    await this.#end;
  }

  #seen(): string {
    return `received: ${JSON.stringify(this.#received.slice(0, 300))}`;
  }
}

function answerIn(received: string): HttpAnswer | undefined {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [first = '', ...lines] = received.slice(0, end).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const bytes = Buffer.from(received.slice(end + 4));
  const length = Number(headers['content-length'] ?? 0);
  if (bytes.length < length) return undefined;
  const text = bytes.subarray(0, length).toString();
  return {
    status: Number(first.split(' ')[1]),
    headers,
    text,
    body: text.startsWith('{') ? JSON.parse(text) : undefined,
  };
}

async function patiently(work: Promise<void>, within: number, complaint: () => string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(complaint())), within);
  });
  try {
    await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
