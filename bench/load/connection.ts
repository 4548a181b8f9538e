import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/**
 * One kept-alive HTTP connection with one request at a time. It reads only what a load generator has to know, and so
 * leaves the machine to the servers: Node's own client takes several times as much of it.
 */
export class Connection {
  #received = '';
  #answered: ((status: number) => void) | undefined;
  #failed: ((error: Error) => void) | undefined;

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.#take(text));
    socket.on('error', (error) => this.#failed?.(error));
    socket.on('close', () => this.#failed?.(new Error('the connection was closed')));
  }

  static async open(port: number): Promise<Connection> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new Connection(socket);
  }

  /** Resolves with the status of the answer, once it is here as a whole. */
  send(request: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#answered = resolve;
      this.#failed = reject;
      this.socket.write(request);
    });
  }

  close(): void {
    this.#failed = undefined;
    this.socket.destroy();
  }

  #take(text: string): void {
    this.#received += text;
    const end = this.#received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.#received.slice(0, end);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length === undefined) {
      this.#failed?.(new Error(`an answer without a length: ${head}`));
      return;
    }
    if (this.#received.length < end + 4 + Number(length)) return;
    this.#received = '';
    this.#answered?.(Number(head.slice(9, 12)));
  }
}
