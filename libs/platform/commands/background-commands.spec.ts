import { describe, expect, it } from '@jest/globals';
import { IsUUID } from 'class-validator';

import { Command, derivedId, Message } from '#kernel';
import { PlainPrivacy } from '#testing/doubles/plain-privacy.js';

import { CommandPublisher, NotPublished } from '../messaging/command-publisher.js';
import type { Envelope } from '../messaging/envelope.js';
import { correlation } from '../observability/correlation.js';
import { BackgroundCommands } from './background-commands.js';

@Command('background_spec.ring_bell.v1', 'bellId')
class RingBell extends Message<RingBell> {
  @IsUUID() readonly bellId!: string;
}

/** A broker in memory, which refuses the first so many. */
class Tower extends CommandPublisher {
  readonly kept: Envelope[] = [];
  readonly ready = true;

  constructor(private refusals = 0) {
    super();
  }

  async publish(envelope: Envelope): Promise<void> {
    if (this.refusals-- > 0) throw new NotPublished('unreachable');
    this.kept.push(envelope);
  }
}

const ring = new RingBell({ bellId: derivedId('bell') });

const handOver = (tower: Tower): Promise<void> =>
  correlation.run({ correlationId: 'a request', request: {} } as never, () =>
    new BackgroundCommands(tower, new PlainPrivacy()).handOver('noon', ring, { id: 'system', roles: ['admin'] }),
  );

describe('A command that is handed over for a sender who repeats it', () => {
  it('is held by the broker when that is said', async () => {
    const tower = new Tower();
    await handOver(tower);
    expect(tower.kept).toMatchObject([{ lane: ring.bellId, author: 'system', correlationId: 'a request' }]);
  });

  it('is offered again to a broker that comes back in a moment', async () => {
    const tower = new Tower(2);
    await handOver(tower);
    expect(tower.kept).toHaveLength(1);
  });

  it('is said not to be taken where it was not', async () => {
    const details = { code: 'UNAVAILABLE', reason: 'broker_unavailable' };
    await expect(handOver(new Tower(Infinity))).rejects.toMatchObject({ details });
  });

  it('is the same when it is repeated', async () => {
    const tower = new Tower();
    await handOver(tower);
    await handOver(tower);
    const [once, again] = tower.kept;
    expect(again?.id).toBe(once?.id);
  });
});
