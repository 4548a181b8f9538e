import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { IsString, IsUUID } from 'class-validator';

import { Command, Event, Message, policy, send, type PolicyType } from '#kernel';
import { SwitchableDatabase } from '#testing/doubles/switchable-database.js';
import { RecordedTraces, spanIdOf } from '#testing/recorded-traces.js';

import type { CloudEvent } from '../messaging/cloud-event.js';
import { traceCommands } from '../messaging/traced-command-publisher.js';
import { traceable } from '../observability/tracing.js';
import { ScheduledCommands } from '../scheduling/scheduled-commands.js';
import { PersistentSender } from './persistent-sender.js';
import { PolicyRunner } from './policy-runner.js';
import { TracedPolicyRunner } from './traced-policy-runner.js';

@Event('parcel.left.v1', 'parcelId')
class ParcelLeft extends Message<ParcelLeft> {
  @IsUUID() readonly parcelId!: string;
  @IsString() readonly town!: string;
}

@Command('post.fetch_parcel.v1', 'parcelId')
class FetchParcel extends Message<FetchParcel> {
  @IsUUID() readonly parcelId!: string;
}

const parcelId = '0196a1de-0000-7000-8000-00000000000d';
const senders = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const left: CloudEvent = {
  specversion: '1.0',
  id: '0196a1de-0000-7000-8000-00000000000e',
  source: '/contextflow/post',
  type: 'parcel.left.v1',
  subject: parcelId,
  time: '2026-03-01T10:00:00.000Z',
  datacontenttype: 'application/json',
  sequence: '1',
  streamtype: 'post.parcel',
  actor: 'ann',
  correlationid: 'a-correlation',
  causationid: 'a-command',
  traceparent: senders,
  data: { parcel_id: parcelId, town: 'Ulm' },
};
const fetch = policy('post.fetch_parcels', ParcelLeft, { then: () => [send(new FetchParcel({ parcelId }))] });
const despair = policy('post.despair', ParcelLeft, {
  then: () => {
    throw new RangeError('too far');
  },
});

describe('The run of a policy', () => {
  let traces: RecordedTraces;
  /** Trace contexts of the commands that were sent. */
  let sent: (string | undefined)[];
  beforeEach(() => {
    traces = new RecordedTraces();
    sent = [];
  });
  afterEach(() => traces.stop());

  function run(wanted: PolicyType): Promise<void> {
    const database = new SwitchableDatabase();
    const broker = traceCommands({
      ready: true,
      publish: async ({ traceParent }) => void sent.push(traceParent),
    });
    const Runner = traceable(PolicyRunner, TracedPolicyRunner);
    const ports = (): object => ({});
    return new Runner(database, ports, new PersistentSender(broker), new ScheduledCommands(database)).run(wanted, left);
  }

  it('is part of the trace of the command that caused the event, and its commands are part of the run', async () => {
    await run(fetch);
    const [publish, process] = traces.spans;
    expect(process).toMatchObject({
      name: 'process parcel.left.v1',
      parentId: spanIdOf(senders),
      failure: undefined,
      attributes: { 'messaging.consumer.group.name': 'post.fetch_parcels' },
    });
    expect(publish).toMatchObject({
      name: 'publish post.fetch_parcel.v1',
      parentId: spanIdOf(process?.traceParent ?? ''),
    });
    expect(sent).toEqual([publish?.traceParent]);
  });

  it('has failed when the policy throws', async () => {
    await expect(run(despair)).rejects.toThrow('too far');
    expect(traces.spans).toMatchObject([{ failure: 'too far' }]);
  });

  it('makes no span when nobody asks for traces', async () => {
    traces.stop();
    await run(fetch);
    expect(sent).toEqual([senders]);
  });
});
