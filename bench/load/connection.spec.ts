import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { Connection } from './connection.js';
import { requestText } from './load.js';

const request = requestText('GET', '/', 'a-token');

describe('A connection of the load generator', () => {
  let server: Server;
  let accepted: Promise<Socket>;
  let connection: Connection;

  beforeEach(async () => {
    server = createServer().listen(0, '127.0.0.1');
    accepted = once(server, 'connection').then(([socket]) => socket as Socket);
    await once(server, 'listening');
    connection = await Connection.open((server.address() as AddressInfo).port);
  });

  afterEach(async () => {
    connection.close();
    (await accepted).destroy();
    server.close();
  });

  it('has its answer when all of it is here, in however many pieces it comes', async () => {
    const socket = await accepted;
    let status: number | undefined;
    const answer = connection.send(request).then((told) => (status = told));
    await once(socket, 'data');
    for (const piece of ['HTTP/1.1 20', '2 Accepted\r\nContent-Length: 4\r\n', '\r\nab'])
      await new Promise<void>((resolve) => {
        socket.write(piece, () => setImmediate(resolve));
      });
    expect(status).toBeUndefined();
    socket.write('cd');
    expect(await answer).toBe(202);
  });

  it('is used again for the next request', async () => {
    const socket = await accepted;
    socket.on('data', () => socket.write('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n'));
    expect([await connection.send(request), await connection.send(request)]).toEqual([404, 404]);
  });

  it('fails when it is closed before the answer', async () => {
    const socket = await accepted;
    socket.once('data', () => socket.end());
    await expect(connection.send(request)).rejects.toThrow('the connection was closed');
  });
});

describe('A request of the load generator', () => {
  it('tells the length of its body in bytes', () => {
    expect(requestText('POST', '/tasks', 'a-token', { title: 'ü' })).toBe(
      'POST /tasks HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer a-token\r\n' +
        'Content-Type: application/json\r\nContent-Length: 14\r\n\r\n{"title":"ü"}',
    );
  });
});
