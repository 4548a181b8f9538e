import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';

import type { Identity } from './certificate-authority.js';

/** Speaks TLS on a port of 127.0.0.1 for a server of the same machine that speaks none. */
export class TlsTerminator {
  readonly #sockets = new Set<Socket | TLSSocket>();
  readonly #server;

  private constructor(identity: Identity, to: number) {
    this.#server = createServer({ cert: identity.certificate, key: identity.key }, (outer) => {
      const inner = connect(to, '127.0.0.1');
      for (const [socket, other] of [
        [outer, inner],
        [inner, outer],
      ] as const) {
        this.#sockets.add(socket);
        socket.on('error', () => other.destroy());
        socket.on('close', () => {
          this.#sockets.delete(socket);
          other.destroy();
        });
        socket.pipe(other);
      }
    });
    // A client that does not trust this certificate hangs up during the handshake.
    this.#server.on('tlsClientError', () => undefined);
  }

  static async before(port: number, identity: Identity): Promise<TlsTerminator> {
    const terminator = new TlsTerminator(identity, port);
    terminator.#server.listen(0, '127.0.0.1');
    await once(terminator.#server, 'listening');
    return terminator;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server, 'close');
  }
}
