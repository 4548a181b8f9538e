import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { activeSpan } from '#platform/observability/tracing.js';
import { RecordedTraces, spanIdOf } from '#testing/recorded-traces.js';

import type { Delivery, OutgoingMessage } from '../../application/ports.js';
import { ProviderAway, type Carrier } from './carrier.js';
import { traceCarrier } from './traced-carrier.js';

const message: OutgoingMessage = {
  notificationId: '0196a1de-0000-7000-8000-00000000000c',
  recipient: 'ada@example.org',
  title: 'Welcome',
  message: 'Hello Ada',
  attempt: 2,
  listUnsubscribe: false,
};
const soon = AbortSignal.timeout(1_000);
const answering = (answer: () => Promise<Delivery>): Carrier => ({ deliver: answer });
const traced = (answer: () => Promise<Delivery>): Carrier =>
  traceCarrier(answering(answer), 'email', 'smtp://user:secret@mail.example.org:587');

describe('Handing a message to a provider', () => {
  let traces: RecordedTraces;
  beforeEach(() => void (traces = new RecordedTraces()));
  afterEach(() => traces.stop());

  it('is part of the trace, and tells neither the recipient, nor the words, nor the password', async () => {
    const accepted: Delivery = { kind: 'accepted', externalId: 'x' };
    const run = traces.tracer.start('a run', {});
    const delivery = activeSpan.run(run, () => traced(() => Promise.resolve(accepted)).deliver(message, soon));
    expect(await delivery).toEqual(accepted);
    expect(traces.spans).toMatchObject([
      {
        name: 'send email',
        parentId: spanIdOf(run.traceParent),
        failure: undefined,
        attributes: {
          'server.address': 'mail.example.org',
          'server.port': 587,
          'contextflow.notification.id': message.notificationId,
          'contextflow.notification.attempt': 2,
        },
      },
    ]);
    expect(JSON.stringify(traces.spans)).not.toMatch(/ada|welcome|hello|secret/i);
  });

  it('has failed when the provider refuses, or is away', async () => {
    await traced(() => Promise.resolve({ kind: 'refused', error: '550 no', permanent: true })).deliver(message, soon);
    const away = traced(() => Promise.reject(new ProviderAway('away', true)));
    await expect(away.deliver(message, soon)).rejects.toThrow('away');
    expect(traces.spans.map(({ failure }) => failure)).toEqual(['550 no', 'away']);
  });

  it('makes no span when nobody asks for traces', () => {
    traces.stop();
    const carrier = answering(() => Promise.reject(new Error('never')));
    expect(traceCarrier(carrier, 'sms')).toBe(carrier);
  });
});
