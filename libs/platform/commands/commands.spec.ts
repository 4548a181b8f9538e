import { describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { IsUUID } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { Command, InvalidMessage, Message } from '#kernel';

import { Problem } from '../http/problem.js';
import type { RequestScope } from '../http/request-scope.js';
import { CommandPublisher, NotPublished, type NotPublishedReason } from '../messaging/command-publisher.js';
import type { Envelope } from '../messaging/envelope.js';
import { ApiMetrics } from '../observability/api-metrics.js';
import { correlation } from '../observability/correlation.js';
import { Metrics } from '../observability/metrics.js';
import { withoutKeys } from '../privacy/privacy.js';
import { CommandAnswers } from './command-answers.js';
import { CommandIds } from './command-ids.js';
import { Commands, type SentItem } from './commands.js';
import { Outcomes } from './outcomes.js';

@Command('jars.fill_jar.v1', 'jarId')
class FillJar extends Message<FillJar> {
  @IsUUID() readonly jarId!: string;
}

/** A broker that does not take what it is told to refuse. */
class PickyPublisher extends CommandPublisher {
  readonly ready = true;
  readonly ids: string[] = [];

  constructor(private readonly refused: Readonly<Record<string, NotPublishedReason>>) {
    super();
  }

  async publish({ id, lane }: Envelope): Promise<void> {
    this.ids.push(id);
    const reason = this.refused[lane];
    if (reason) throw new NotPublished(reason);
  }
}

Logger.overrideLogger(false);
const ids = new CommandIds('a-secret-for-the-ids-of-commands');
const jar = (n: number): string => `0196a1de-0000-7000-8000-00000000000${n}`;

function sending(items: readonly unknown[], refused: Readonly<Record<string, NotPublishedReason>>) {
  const publisher = new PickyPublisher(refused);
  const commands = new Commands(
    publisher,
    ids,
    { reused: () => false, reusedInStore: async () => false, remember: () => undefined } as never,
    new Outcomes(),
    { admit: () => undefined } as never,
    { forget: () => undefined } as never,
    new ApiMetrics(new Metrics('api', '1')),
    withoutKeys,
    {} as never,
  );
  const scope: RequestScope = {
    correlationId: 'c1',
    request: { headers: {} } as FastifyRequest,
    command: { ...ids.issue('anonymous'), preference: { wait: 0 } },
  };
  const sent = correlation.run(scope, () =>
    commands.sendEach('jars', items, (item) => {
      if (typeof item !== 'string') throw new InvalidMessage([]);
      return new FillJar({ jarId: item });
    }),
  );
  return { publisher, scope, sent };
}

describe('Of several commands', () => {
  it('one that the broker did not confirm is told of with its id, and one that was never made without', async () => {
    const { publisher, scope, sent } = sending([jar(1), jar(2), 3], { [jar(2)]: 'unknown' });
    const answers = new CommandAnswers({} as never, {} as never);
    const route = { done: 'filled', id: 'jar_id' };
    const items: readonly SentItem[] = await sent;
    const shown = await correlation.run(scope, () => answers.ofEach(items, route, {} as FastifyReply));
    expect(shown).toMatchObject({
      items: [
        { status: 'accepted', command_id: publisher.ids[0] },
        { status: 'rejected', command_id: publisher.ids[1], problem: { reason: 'broker_unavailable' } },
        { status: 'rejected', command_id: undefined },
      ],
    });
  });

  it('of which none was taken, the answer names the ids of all that were made', async () => {
    const { publisher, sent } = sending([1, jar(2), jar(3)], { [jar(2)]: 'unknown', [jar(3)]: 'unreachable' });
    const problem = await sent.catch((error: unknown) => error as Problem);
    expect(problem).toMatchObject({
      status: 503,
      details: {
        reason: 'broker_unavailable',
        more: {
          items: [
            { index: 1, command_id: publisher.ids[0] },
            { index: 2, command_id: publisher.ids[1] },
          ],
        },
      },
    });
  });
});
