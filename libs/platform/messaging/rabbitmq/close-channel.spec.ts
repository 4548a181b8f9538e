import { EventEmitter } from 'node:events';

import { describe, expect, it } from '@jest/globals';
import type { Channel } from 'amqplib';

import { closeChannel } from './close-channel.js';

const channel = (close: () => Promise<void>): Channel & EventEmitter =>
  Object.assign(new EventEmitter(), { close }) as unknown as Channel & EventEmitter;

describe('A channel', () => {
  it('is closed when its connection is lost while it waits for its end', async () => {
    const losing = channel(() => new Promise(() => undefined));
    const closing = closeChannel(losing);
    losing.emit('close');
    await expect(closing).resolves.toBeUndefined();
  });

  it('is closed when the broker says so, and when it was closed before', async () => {
    await expect(closeChannel(channel(() => Promise.resolve()))).resolves.toBeUndefined();
    await expect(closeChannel(channel(() => Promise.reject(new Error('Channel closed'))))).resolves.toBeUndefined();
  });
});
