import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { sampleEnvelope } from '#testing/doubles/sample-envelope.js';
import { RecordedTraces, spanIdOf } from '#testing/recorded-traces.js';

import { activeSpan } from '../observability/tracing.js';
import type { EventMessage } from './cloud-event.js';
import { NotPublished, type CommandPublisher } from './command-publisher.js';
import type { Envelope } from './envelope.js';
import type { EventPublisher } from './event-publisher.js';
import { traceCommands } from './traced-command-publisher.js';
import { traceEvents } from './traced-event-publisher.js';

/** Keeps what it is given, until it refuses. */
class KeptMessages implements CommandPublisher, EventPublisher {
  readonly published: (Envelope | EventMessage)[] = [];
  ready = true;

  async publish(message: Envelope | EventMessage): Promise<void> {
    if (!this.ready) throw new NotPublished('unreachable');
    this.published.push(message);
  }

  publishTo(_context: string, message: EventMessage): Promise<void> {
    return this.publish(message);
  }

  bind(): Promise<void> {
    return Promise.resolve();
  }
}

const senders = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const command = sampleEnvelope({ traceParent: senders });
const event: EventMessage = {
  id: 'an-id',
  type: 'task.created.v1',
  correlationId: 'a-correlation',
  headers: {},
  body: Buffer.from('{}'),
  traceParent: senders,
};

describe('Handing something to the broker', () => {
  let traces: RecordedTraces;
  let broker: KeptMessages;
  beforeEach(() => {
    traces = new RecordedTraces();
    broker = new KeptMessages();
  });
  afterEach(() => traces.stop());

  it('is part of the trace that the command names, and has its run carry on', async () => {
    await traceCommands(broker).publish(command);
    const [span] = traces.spans;
    expect(span).toMatchObject({ name: 'publish tasks.start_task.v1', parentId: spanIdOf(senders) });
    expect(broker.published).toEqual([{ ...command, traceParent: span?.traceParent }]);
  });

  it('is part of what is being done, if anything is', async () => {
    const active = traces.tracer.start('a request', {});
    await activeSpan.run(active, () => traceCommands(broker).publish(command));
    expect(traces.spans).toMatchObject([{ parentId: spanIdOf(active.traceParent) }]);
  });

  it('leaves an event as it was signed', async () => {
    const publisher = traceEvents(broker);
    await publisher.publish(event);
    await publisher.publishTo('tasks', event);
    expect(broker.published).toEqual([event, event]);
    expect(traces.spans).toMatchObject([
      { name: 'publish task.created.v1', parentId: spanIdOf(senders) },
      { name: 'publish task.created.v1', parentId: spanIdOf(senders) },
    ]);
  });

  it('has failed when the broker does not take it', async () => {
    broker.ready = false;
    const publisher = traceCommands(broker);
    expect(publisher.ready).toBe(false);
    await expect(publisher.publish(command)).rejects.toThrow(NotPublished);
    expect(traces.spans).toMatchObject([{ failure: expect.stringContaining('unreachable') }]);
  });

  it('makes no span when nobody asks for traces', () => {
    traces.stop();
    expect(traceCommands(broker)).toBe(broker);
    expect(traceEvents(broker)).toBe(broker);
  });
});
