import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { CommandBus } from '@nestjs/cqrs';
import { IsUUID } from 'class-validator';

import { Command, DomainError, Message } from '#kernel';
import { InMemoryGroupCommit } from '#testing/doubles/in-memory-group-commit.js';
import { bodyOf, sampleEnvelope } from '#testing/doubles/sample-envelope.js';
import { SwitchableDatabase } from '#testing/doubles/switchable-database.js';
import { RecordedTraces } from '#testing/recorded-traces.js';

import { activeSpan, traceable } from '../observability/tracing.js';
import { AggregateCache, AggregateCaches } from './aggregate-caches.js';
import { CommandRunner, type End } from './command-runner.js';
import { Committer } from './committer.js';
import { InlineProjections } from './inline-projections.js';
import { TracedCommandRunner } from './traced-command-runner.js';
import { unitOfWork } from './unit-of-work.js';

@Command('store.seal_box.v1', 'boxId')
class SealBox extends Message<SealBox> {
  @IsUUID() readonly boxId!: string;
}

class BoxOpen extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'box_open';
}

const boxId = '0196a1de-0000-7000-8000-00000000000b';
const senders = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const envelope = (): ReturnType<typeof sampleEnvelope> =>
  sampleEnvelope({
    context: 'store',
    type: 'store.seal_box.v1',
    lane: boxId,
    body: bodyOf(new SealBox({ boxId })),
    traceParent: senders,
  });

function run(handle: () => void): Promise<End> {
  const database = new SwitchableDatabase();
  const committer = new Committer(database, new InMemoryGroupCommit(database));
  const Runner = traceable(CommandRunner, TracedCommandRunner);
  const bus = { execute: async () => handle() } as unknown as CommandBus;
  const runner = new Runner(bus, database, committer, new InlineProjections(database, []), new AggregateCaches());
  return runner.run(envelope(), new AggregateCache(1));
}

describe('The run of a command', () => {
  let traces: RecordedTraces;
  beforeAll(() => Logger.overrideLogger(false));
  beforeEach(() => void (traces = new RecordedTraces()));
  afterEach(() => traces.stop());

  it('is part of the trace of whoever sent it, and whatever it makes is part of the run', async () => {
    const seen: (string | undefined)[] = [];
    await run(() => seen.push(unitOfWork().envelope.traceParent, activeSpan.getStore()?.traceParent));
    const [span] = traces.spans;
    expect(traces.spans).toMatchObject([
      {
        name: 'process store.seal_box.v1',
        parentId: 'b7ad6b7169203331',
        failure: undefined,
        attributes: { 'contextflow.lane': boxId, 'contextflow.command.status': 'succeeded' },
      },
    ]);
    expect(seen).toEqual([span?.traceParent, span?.traceParent]);
  });

  it('has not failed when the command is rejected', async () => {
    await run(() => {
      throw new BoxOpen('close it first');
    });
    expect(traces.spans).toMatchObject([
      {
        failure: undefined,
        attributes: { 'contextflow.command.status': 'rejected', 'contextflow.command.reason': 'box_open' },
      },
    ]);
  });

  it('has failed when the command is to be parked', async () => {
    expect(
      await run(() => {
        throw new TypeError('a mistake');
      }),
    ).toMatchObject({ kind: 'fault' });
    expect(traces.spans).toMatchObject([
      { failure: 'a mistake', attributes: { 'contextflow.command.status': 'fault', 'error.type': 'TypeError' } },
    ]);
  });

  it('makes no span when nobody asks for traces', async () => {
    traces.stop();
    let seen: string | undefined;
    await run(() => (seen = unitOfWork().envelope.traceParent));
    expect(seen).toBe(senders);
    expect(traces.spans).toEqual([]);
  });
});
