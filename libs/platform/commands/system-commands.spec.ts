import { describe, expect, it } from '@jest/globals';
import { IsString, IsUUID, Length } from 'class-validator';

import { Command, derivedId, InvalidMessage, Message } from '#kernel';

import { CommandPublisher, NotPublished, type NotPublishedReason } from '../messaging/command-publisher.js';
import { EnvelopeSeal, type Envelope } from '../messaging/envelope.js';
import { SystemCommands } from './system-commands.js';

@Command('system_spec.raise_flag.v1', 'flagId')
class RaiseFlag extends Message<RaiseFlag> {
  @IsUUID() readonly flagId!: string;
  @IsString() @Length(1, 10) readonly color!: string;
}

/** A broker in memory, which refuses the first so many. */
class Shelf extends CommandPublisher {
  readonly kept: Envelope[] = [];
  readonly ready = true;

  constructor(
    private refusals = 0,
    private readonly reason: NotPublishedReason = 'unroutable',
  ) {
    super();
  }

  async publish(envelope: Envelope): Promise<void> {
    if (this.refusals-- > 0) throw new NotPublished(this.reason);
    this.kept.push(envelope);
  }
}

const flag = (key: string, color = 'red'): RaiseFlag => new RaiseFlag({ flagId: derivedId(key), color });
const never = new AbortController().signal;

describe('Commands of the system', () => {
  it('have the system as their author, with the rights of an admin', async () => {
    const shelf = new Shelf();
    await new SystemCommands(shelf).send('seed', [flag('a')], never);
    expect(shelf.kept).toMatchObject([
      {
        type: 'system_spec.raise_flag.v1',
        context: 'system_spec',
        lane: derivedId('a'),
        resourceId: derivedId('a'),
        author: 'system',
        roles: ['admin'],
        body: Buffer.from(JSON.stringify({ flag_id: derivedId('a'), color: 'red' })),
      },
    ]);
  });

  it('are genuine for whoever has the key', async () => {
    const shelf = new Shelf();
    await new SystemCommands(shelf).send('seed', [flag('a')], never);
    const seal = new EnvelopeSeal(`one:${'s'.repeat(32)}`);
    const [envelope] = shelf.kept as [Envelope];
    expect(seal.open(seal.seal(envelope), envelope.body)).toMatchObject({ kind: 'genuine' });
  });

  it('have the same ids each time for a purpose, and others for another', async () => {
    const commands = new SystemCommands(new Shelf());
    const first = await commands.send('seed', [flag('a'), flag('b')], never);
    expect(first[0]).toBe(derivedId('seed', 'system_spec.raise_flag.v1', derivedId('a')));
    expect(await commands.send('seed', [flag('a'), flag('b')], never)).toEqual(first);
    expect(await commands.send('holiday', [flag('a')], never)).not.toContain(first[0]);
  });

  it.each(['unreachable', 'blocked', 'busy', 'refused', 'unroutable', 'unknown'] as const)(
    'are sent again, in their order, when they were not taken: %s',
    async (reason) => {
      const shelf = new Shelf(2, reason);
      const ids = await new SystemCommands(shelf).send('seed', [flag('a'), flag('b')], never);
      expect(shelf.kept.map(({ id }) => id)).toEqual(ids);
    },
  );

  it('are given up when it takes too long', async () => {
    const sent = new SystemCommands(new Shelf(Infinity, 'blocked')).send('seed', [flag('a')], AbortSignal.timeout(20));
    await expect(sent).rejects.toMatchObject({ reason: 'blocked' });
  });

  it('are not sent at all when one of them is invalid, or there twice', async () => {
    const shelf = new Shelf();
    const commands = new SystemCommands(shelf);
    await expect(commands.send('seed', [flag('a'), flag('b', '')], never)).rejects.toThrow(InvalidMessage);
    await expect(commands.send('seed', [flag('a'), flag('a', 'blue')], never)).rejects.toThrow(
      `system_spec.raise_flag.v1 of ${derivedId('a')} is there twice for "seed": leave one out`,
    );
    expect(shelf.kept).toEqual([]);
  });
});
