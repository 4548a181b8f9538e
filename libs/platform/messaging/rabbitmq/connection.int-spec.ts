import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';

import { eventually } from '#testing/eventually.js';
import { sharedServers } from '#testing/servers.js';
import { TcpProxy } from '#testing/tcp-proxy.js';

import { RabbitConnection } from './connection.js';

let proxy: TcpProxy;

beforeAll(() => Logger.overrideLogger(false));
beforeEach(async () => (proxy = await TcpProxy.before(sharedServers().rabbitmqUrl)));
afterEach(() => proxy.close());

const connectionOf = (onOpen: () => Promise<void>, onClose = (): void => undefined): RabbitConnection =>
  new RabbitConnection(proxy.url(sharedServers().rabbitmqUrl), 'test', onOpen, onClose);

describe('A connection to RabbitMQ', () => {
  it('ends within seconds though the broker does not answer the goodbye', async () => {
    let closed = 0;
    const connection = connectionOf(
      async () => undefined,
      () => closed++,
    );
    connection.open();
    await eventually('it is ready', () => connection.ready);
    proxy.hold();
    const began = performance.now();
    await connection.close();
    expect(performance.now() - began).toBeLessThan(8_000);
    expect({ closed, ready: connection.ready }).toEqual({ closed: 1, ready: false });
  });

  it('ends within seconds though its channels are never set up', async () => {
    const begun = Promise.withResolvers<void>();
    const connection = connectionOf(() => {
      begun.resolve();
      return new Promise(() => undefined);
    });
    connection.open();
    await begun.promise;
    const began = performance.now();
    await connection.close();
    expect(performance.now() - began).toBeLessThan(8_000);
  });

  it('is made anew when it is cut', async () => {
    const connection = connectionOf(async () => undefined);
    connection.open();
    await eventually('it is ready', () => connection.ready);
    connection.cut('the broker does not answer');
    await eventually('there is another', () => proxy.opened === 2 && connection.ready);
    await connection.close();
  });
});
