import { beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';

import type { CommandSource } from '../messaging/command-source.js';
import type { Partitions } from '../messaging/partitions.js';
import { Engine, type EngineParts, type Held } from './engine.js';
import type { Membership } from './membership.js';

const never = new Promise<void>(() => undefined);

/** A slot that the broker never lets a worker have. */
class Denied implements Held {
  static asked = Promise.withResolvers<void>();
  closed = false;

  open(): Promise<void> {
    Denied.asked.resolve();
    return never;
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

beforeAll(() => Logger.overrideLogger(false));

describe('A worker', () => {
  it('ends in order though the broker does not answer what its last heartbeat asked', async () => {
    const left: string[] = [];
    const membership: Pick<Membership, 'id' | 'beat' | 'leave'> = {
      id: 'this',
      beat: async () => [{ id: 'this', contexts: ['tasks'] }],
      leave: async () => void left.push('this'),
    };
    const denied = new Denied();
    const parts = {
      membership,
      source: { ready: true } as CommandSource,
      partitions: { known: new Map() } as unknown as Partitions,
      duties: [{ name: 'relay', make: () => denied }],
      runner: { handled: 0 },
    } as unknown as EngineParts;
    const engine = new Engine(parts);
    engine.start();
    await Denied.asked.promise;
    await engine.stop();
    expect({ left, closed: denied.closed }).toEqual({ left: ['this'], closed: true });
  });
});
