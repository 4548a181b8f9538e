import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Bytes go from the client to the server, or back. */
export type Way = 'out' | 'back';

const bothWays: readonly Way[] = ['out', 'back'];

interface Trap {
  readonly pattern: Buffer;
  /** The server gets the pattern, and the client is cut off only once the server has answered. */
  readonly forward: boolean;
  left: number;
  readonly sprung: () => void;
}

/** A bad network in front of a server of this machine. Begins by passing everything on. */
export class TcpProxy {
  readonly #links = new Set<Link>();
  readonly #gates = new Map<Way, Gate>();
  readonly #server;
  #trap: Trap | undefined;
  #latency = 0;
  #trickling = false;
  #opened = 0;
  #closing = false;

  private constructor(private readonly target: number) {
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#open(client));
  }

  /** @param server where it listens on 127.0.0.1, as an address (`postgres://…`) or a port */
  static async before(server: string | number): Promise<TcpProxy> {
    const proxy = new TcpProxy(typeof server === 'number' ? server : Number(new URL(server).port));
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The server's address with this proxy's port. */
  url(server: string): string {
    const url = new URL(server);
    url.port = String(this.port);
    return url.toString();
  }

  /** How many connections clients have opened so far. */
  get opened(): number {
    return this.#opened;
  }

  /** How many are open. */
  get open(): number {
    return this.#links.size;
  }

  get latency(): number {
    return this.#latency;
  }

  get trickling(): boolean {
    return this.#trickling;
  }

  /** Ends every fault. What was held arrives now, late; connections that have lost bytes stay silent for ever. */
  pass(): void {
    this.#latency = 0;
    this.#trickling = false;
    this.#trap = undefined;
    for (const gate of this.#gates.values()) gate.lift();
    this.#gates.clear();
  }

  /** RST to both sides of every open connection. @returns how many there were */
  reset(): number {
    const links = [...this.#links];
    for (const link of links) link.reset();
    return links.length;
  }

  /**
   * The cable is cut: nothing arrives, that somebody hangs up neither, and nobody is told. `pass()` brings it late, as
   * after a broken route.
   */
  hold(...ways: Way[]): void {
    for (const way of ways.length > 0 ? ways : bothWays) if (!this.#gates.has(way)) this.#gates.set(way, new Gate());
  }

  /** Open connections lose every byte from now on, for ever, as when a router has forgotten them. New ones work. */
  forget(...ways: Way[]): void {
    for (const link of this.#links) link.forget(ways.length > 0 ? ways : bothWays);
  }

  /** Every piece takes so many milliseconds longer, each way. */
  delay(milliseconds: number): void {
    this.#latency = milliseconds;
  }

  /** Every byte travels in a packet of its own. */
  trickle(): void {
    this.#trickling = true;
  }

  /**
   * Cuts the connection on which a client sends the pattern, so many times.
   * @param forward whether the server still gets it, and only its answer is lost
   * @returns resolves when it has happened as often as asked for
   */
  cutAt(pattern: string, { forward, times = 1 }: { forward: boolean; times?: number }): Promise<void> {
    return new Promise((sprung) => (this.#trap = { pattern: Buffer.from(pattern), forward, left: times, sprung }));
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#server.close();
    this.pass();
    for (const link of this.#links) link.reset();
    await once(this.#server, 'close');
  }

  /** Resolves when bytes may go that way. */
  async passable(way: Way): Promise<void> {
    for (let gate = this.#gates.get(way); gate; gate = this.#gates.get(way)) await gate.lifted;
  }

  /** The trap that this much of what a client has sent walks into, and where the pattern ends. */
  caught(sent: Buffer): { readonly trap: Trap; readonly end: number } | undefined {
    const trap = this.#trap;
    const at = trap ? sent.indexOf(trap.pattern) : -1;
    if (!trap || at < 0) return undefined;
    if (--trap.left === 0) {
      this.#trap = undefined;
      trap.sprung();
    }
    return { trap, end: at + trap.pattern.length };
  }

  /** How many of a pattern's bytes may still be missing. */
  get longestPattern(): number {
    return this.#trap?.pattern.length ?? 0;
  }

  #open(client: Socket): void {
    if (this.#closing) return void client.resetAndDestroy();
    this.#opened++;
    const link = new Link(this, client, connect({ port: this.target, host: '127.0.0.1', allowHalfOpen: true }), () =>
      this.#links.delete(link),
    );
    this.#links.add(link);
  }
}

class Gate {
  lift: () => void = () => undefined;
  readonly lifted = new Promise<void>((resolve) => (this.lift = resolve));
}

/** One client's connection and the server's end of it. */
class Link {
  readonly #lost = new Set<Way>();
  /** The server has the pattern: whatever it says next is its answer, and is lost. */
  #condemned = false;
  /** The last bytes that the client has sent: a pattern may come in pieces. */
  #tail: Buffer = Buffer.alloc(0);
  #over = false;

  constructor(
    private readonly proxy: TcpProxy,
    private readonly client: Socket,
    private readonly server: Socket,
    private readonly ended: () => void,
  ) {
    server.setNoDelay();
    this.#carry(client, server, 'out');
    this.#carry(server, client, 'back');
  }

  reset(): void {
    if (this.#over) return;
    this.#over = true;
    for (const socket of [this.client, this.server]) {
      // A socket that is just saying goodbye refuses to be reset, and Node would never close it, nor exit.
      if (socket.writableEnded) socket.destroy();
      else socket.resetAndDestroy();
    }
    this.ended();
  }

  forget(ways: readonly Way[]): void {
    for (const way of ways) this.#lost.add(way);
  }

  /** Brings pieces one after the other, and the end behind the last one. */
  #carry(from: Socket, to: Socket, way: Way): void {
    let last = Promise.resolve();
    const then = (work: () => Promise<void> | void): void => {
      last = last.then(work).catch(() => this.reset());
    };
    from.on('data', (piece: Buffer) => {
      from.pause();
      then(async () => {
        await this.#bring(piece, to, way);
        from.resume();
      });
    });
    from.on('end', () => then(() => this.#after(way, () => to.end())));
    from.on('error', () => undefined);
    from.on('close', (failed) => {
      then(() =>
        this.#after(way, () => {
          if (failed) this.reset();
          else if (this.client.destroyed && this.server.destroyed) this.reset();
          else if (!to.writableEnded) to.end();
        }),
      );
    });
  }

  async #after(way: Way, work: () => void): Promise<void> {
    await this.proxy.passable(way);
    if (!this.#lost.has(way)) work();
  }

  async #bring(piece: Buffer, to: Socket, way: Way): Promise<void> {
    await this.proxy.passable(way);
    if (this.proxy.latency > 0) await delay(this.proxy.latency);
    if (this.#lost.has(way) || this.#over) return;
    if (way === 'back' && this.#condemned) return this.reset();
    const cut = way === 'out' ? this.#cut(piece) : undefined;
    if (cut && !cut.trap.forward) return this.reset();
    if (cut) this.#condemned = true;
    await this.#write(cut ? piece.subarray(0, cut.end) : piece, to);
  }

  #cut(piece: Buffer): ReturnType<TcpProxy['caught']> {
    const before = this.#tail.length;
    const sent = Buffer.concat([this.#tail, piece]);
    this.#tail = sent.subarray(Math.max(0, sent.length - Math.max(0, this.proxy.longestPattern - 1)));
    const caught = this.proxy.caught(sent);
    return caught && { ...caught, end: caught.end - before };
  }

  async #write(bytes: Buffer, to: Socket): Promise<void> {
    const pieces = this.proxy.trickling ? Array.from(bytes, (byte) => Buffer.of(byte)) : [bytes];
    for (const piece of pieces) {
      if (to.destroyed || to.writableEnded) return;
      const flows = to.write(piece);
      if (pieces.length > 1) await new Promise(setImmediate);
      if (!flows) await Promise.race([once(to, 'drain'), once(to, 'close')]);
    }
  }
}
