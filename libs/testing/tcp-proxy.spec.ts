import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { eventually } from './eventually.js';
import { TcpProxy } from './tcp-proxy.js';

/** A server that answers every piece with itself in capitals, and remembers what it got. */
describe('The proxy', () => {
  let server: Server;
  let proxy: TcpProxy;
  let heard: string;
  let pieces: number;
  const clients: Socket[] = [];

  beforeEach(async () => {
    heard = '';
    pieces = 0;
    server = createServer((socket) => {
      socket.setNoDelay();
      socket.on('error', () => undefined);
      socket.on('data', (piece) => {
        heard += piece.toString();
        pieces++;
        socket.write(piece.toString().toUpperCase());
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    proxy = await TcpProxy.before((server.address() as AddressInfo).port);
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    await proxy.close();
    server.close();
  });

  interface Visitor {
    readonly socket: Socket;
    said: string;
    end: string | undefined;
  }

  async function visit(): Promise<Visitor> {
    const socket = connect(proxy.port, '127.0.0.1');
    clients.push(socket);
    const visitor: Visitor = { socket, said: '', end: undefined };
    socket.on('data', (piece) => (visitor.said += piece.toString()));
    socket.on('error', (error: NodeJS.ErrnoException) => (visitor.end = error.code));
    socket.on('close', () => (visitor.end ??= 'closed'));
    await once(socket, 'connect');
    return visitor;
  }

  const says = (visitor: Visitor, what: string): Promise<unknown> =>
    eventually(`${what} comes`, () => visitor.said === what, { within: 3_000, every: 5 });
  const endsBy = (visitor: Visitor, how: string): Promise<unknown> =>
    eventually(`it ends by ${how}`, () => visitor.end === how, { within: 3_000, every: 5 });

  it('carries both ways, and the end too', async () => {
    const visitor = await visit();
    visitor.socket.write('hello');
    await says(visitor, 'HELLO');
    visitor.socket.end();
    await endsBy(visitor, 'closed');
    await eventually('it is forgotten', () => proxy.open === 0);
    expect(proxy.opened).toBe(1);
  });

  it('is found under the address of its server, with another port', () => {
    expect(proxy.url('postgres://me:secret@127.0.0.1:5432/there')).toBe(
      `postgres://me:secret@127.0.0.1:${proxy.port}/there`,
    );
  });

  it('resets what is open, and takes new connections', async () => {
    const visitor = await visit();
    visitor.socket.write('a');
    await says(visitor, 'A');
    expect(proxy.reset()).toBe(1);
    await endsBy(visitor, 'ECONNRESET');
    const next = await visit();
    next.socket.write('b');
    await says(next, 'B');
  });

  it.each([
    ['both ways', [], ''],
    ['on the way out', ['out'], ''],
    ['on the way back', ['back'], 'late'],
  ] as const)('holds bytes %s, and brings them later', async (_, ways, heardAtOnce) => {
    const visitor = await visit();
    visitor.socket.write('before');
    await says(visitor, 'BEFORE');
    proxy.hold(...ways);
    visitor.socket.write('late');
    if (heardAtOnce) await eventually('the server hears it', () => heard === `before${heardAtOnce}`);
    const other = await visit();
    other.socket.write('x');
    if (heardAtOnce) await eventually('the server hears the other', () => heard.endsWith('x'));
    else expect(heard).toBe('before');
    expect(visitor.said).toBe('BEFORE');
    proxy.pass();
    await says(visitor, 'BEFORELATE');
    await says(other, 'X');
  });

  it('brings what was held even when its sender has gone meanwhile', async () => {
    const visitor = await visit();
    visitor.socket.write('before');
    await says(visitor, 'BEFORE');
    proxy.hold();
    visitor.socket.write(' and a last will');
    visitor.socket.end();
    await new Promise(setImmediate);
    proxy.pass();
    await eventually('it arrives', () => heard === 'before and a last will');
  });

  it('loses the bytes of open connections for ever, while new ones work', async () => {
    const visitor = await visit();
    visitor.socket.write('a');
    await says(visitor, 'A');
    proxy.forget();
    visitor.socket.write('b');
    const next = await visit();
    next.socket.write('c');
    await says(next, 'C');
    expect(heard).toBe('ac');
    proxy.pass();
    visitor.socket.write('d');
    next.socket.write('e');
    await says(next, 'CE');
    expect(heard).toBe('ace');
    expect(visitor).toMatchObject({ said: 'A', end: undefined });
  });

  it('takes its time', async () => {
    const visitor = await visit();
    proxy.delay(60);
    const began = performance.now();
    visitor.socket.write('a');
    await says(visitor, 'A');
    expect(performance.now() - began).toBeGreaterThanOrEqual(110);
  });

  it('brings one byte at a time', async () => {
    const visitor = await visit();
    proxy.trickle();
    visitor.socket.write('letters');
    await says(visitor, 'LETTERS');
    expect(pieces).toBeGreaterThan(1);
  });

  it('forwards a pattern, also in two pieces, and loses what follows and its answer', async () => {
    const visitor = await visit();
    const cut = proxy.cutAt('COMMIT', { forward: true });
    visitor.socket.write('begin;COM');
    await says(visitor, 'BEGIN;COM');
    visitor.socket.write('MIT;begin');
    await endsBy(visitor, 'ECONNRESET');
    await cut;
    expect(visitor.said).toBe('BEGIN;COM');
    expect(heard).toBe('begin;COMMIT');
    const next = await visit();
    next.socket.write('COMMIT');
    await says(next, 'COMMIT');
  });

  it('cuts before a pattern, as often as asked', async () => {
    const cut = proxy.cutAt('COMMIT', { forward: false, times: 2 });
    for (let time = 0; time < 2; time++) {
      const visitor = await visit();
      visitor.socket.write('COMMIT');
      await endsBy(visitor, 'ECONNRESET');
    }
    await cut;
    expect(heard).toBe('');
  });
});
