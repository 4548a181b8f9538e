import { describe, expect, it } from '@jest/globals';
import { CommandHandler } from '@nestjs/cqrs';
import { IsUUID } from 'class-validator';

import { Command, Message, ReachesOutside } from '#kernel';
import { sampleEnvelope } from '#testing/doubles/sample-envelope.js';

import { OutsideHandlers, TookTooLong } from './outside-handlers.js';
import { currentUnit, UnitOfWork, UnitOfWorkDeadline, UnitOfWorkMisuse } from './unit-of-work.js';

@Command('post.send_letter.v1', 'letterId')
class SendLetter extends Message<SendLetter> {
  @IsUUID() readonly letterId!: string;
}

@Command('post.write_letter.v1', 'letterId')
class WriteLetter extends Message<WriteLetter> {
  @IsUUID() readonly letterId!: string;
}

@CommandHandler(SendLetter)
@ReachesOutside({ deadline: 20 })
class SendLetterHandler {}

@CommandHandler(WriteLetter)
class WriteLetterHandler {}

const outside = (): OutsideHandlers => new OutsideHandlers([SendLetterHandler, WriteLetterHandler]);
const sending = (): UnitOfWork => new UnitOfWork(sampleEnvelope({ type: 'post.send_letter.v1' }), false, 1);

describe('Handlers that reach outside', () => {
  it('are those that say so', () => {
    expect(outside().has('post.send_letter.v1')).toBe(true);
    expect(outside().has('post.write_letter.v1')).toBe(false);
  });

  it('must handle a command', () => {
    @ReachesOutside()
    class Nothing {}
    expect(() => new OutsideHandlers([Nothing])).toThrow('Nothing handles no command');
  });

  it('run fifty at a time', async () => {
    const handlers = outside();
    let [running, most] = [0, 0];
    const end = Promise.withResolvers<void>();
    const runs = Array.from({ length: 60 }, () =>
      handlers.run(sending(), async () => {
        most = Math.max(most, ++running);
        if (running === 50) setImmediate(end.resolve);
        await end.promise;
        running--;
      }),
    );
    await Promise.all(runs);
    expect(most).toBe(50);
  });

  it('are told when their time is over, and have failed then', async () => {
    const unit = sending();
    let signal: AbortSignal | undefined;
    const run = outside().run(unit, () =>
      currentUnit.run(unit, () => {
        signal = new UnitOfWorkDeadline().signal;
        return new Promise(() => undefined);
      }),
    );
    await expect(run).rejects.toThrow(TookTooLong);
    expect(signal?.aborted).toBe(true);
  });

  it('fail with their own errors', async () => {
    const run = outside().run(sending(), () => Promise.reject(new Error('no stamps')));
    await expect(run).rejects.toThrow('no stamps');
  });

  it('are the only ones that have a deadline', () => {
    const unit = new UnitOfWork(sampleEnvelope({ type: 'post.write_letter.v1' }), false, 1);
    expect(() => currentUnit.run(unit, () => new UnitOfWorkDeadline().signal)).toThrow(UnitOfWorkMisuse);
  });
});
