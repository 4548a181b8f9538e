import { EventEmitter } from 'node:events';

import { describe, expect, it } from '@jest/globals';
import type { ChannelModel } from 'amqplib';

import { Topology } from '../topology.js';
import { declareQueues } from './declare.js';

/** A connection whose channels never hear that they are closed, as amqplib's when it is lost meanwhile. */
class LosingModel extends EventEmitter {
  readonly closing = Promise.withResolvers<void>();

  createChannel(): Promise<unknown> {
    const close = (): Promise<void> => {
      this.closing.resolve();
      return new Promise(() => undefined);
    };
    return Promise.resolve(Object.assign(new EventEmitter(), { assertQueue: () => Promise.resolve(), close }));
  }
}

describe('Declaring queues', () => {
  it('fails when the connection is lost at the end, instead of waiting for ever', async () => {
    const model = new LosingModel();
    const declaring = declareQueues(model as unknown as ChannelModel, new Topology('test.'), 'tasks', 2);
    await model.closing.promise;
    model.emit('close');
    await expect(declaring).rejects.toThrow('the connection was lost');
  });
});
