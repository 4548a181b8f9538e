import { commandType, derivedId, laneOf, type Consequence, type PolicyType } from '#kernel';

import type { Database } from '../database/database.js';
import { Gate } from '../engine/gate.js';
import { insist } from '../engine/insist.js';
import { revivedEvent } from '../event-log/recorded-event.js';
import type { CloudEvent } from '../messaging/cloud-event.js';
import type { Envelope } from '../messaging/envelope.js';
import { systemEnvelope } from '../messaging/system-envelope.js';
import { withoutKeys, type Privacy } from '../privacy/privacy.js';
import type { ScheduledCommands, Source } from '../scheduling/scheduled-commands.js';
import { streamOf } from './parked-events.js';
import type { PersistentSender } from './persistent-sender.js';

/** Commands of different lanes that one event causes are sent side by side. */
const mostTogether = 32;

/** Gives a policy the port that it asks for rows. */
export type Ports = (token: NonNullable<PolicyType['from']>) => object;

/** Carries out what policies want: each command under an id that follows from the event, the policy and the target. */
export class PolicyRunner {
  constructor(
    private readonly database: Database,
    private readonly ports: Ports,
    private readonly sender: PersistentSender,
    private readonly scheduled: ScheduledCommands,
    private readonly privacy: Privacy = withoutKeys,
    private readonly gate = new Gate(),
  ) {}

  /**
   * Resolves once all that follows from the event is durable.
   * @throws whatever the policy throws, and InvalidMessage when a command of it is not valid
   */
  async run(policy: PolicyType, event: CloudEvent): Promise<void> {
    const message = revivedEvent(event.type, event.data);
    const meta = {
      eventId: event.id,
      version: Number(event.sequence),
      occurredAt: new Date(event.time),
      actor: event.actor,
    };
    // What is sent waits for the broker, however long that takes: no command is to wait for it.
    const consequences = await this.gate.beside(async () => {
      const rows = policy.from && (await policy.rows(this.ports(policy.from) as never, message as never));
      const { then } = policy;
      return then(message as never, rows as never, meta);
    });
    assertTold(policy, consequences);
    const lanes = Map.groupBy(consequences, (consequence) =>
      consequence.kind === 'unschedule' ? consequence.lane : laneOf(consequence.command),
    );
    await sideBySide(mostTogether, [...lanes.values()], async (own) => {
      for (const consequence of own) await this.#carryOut(policy, event, consequence);
    });
  }

  async #carryOut(policy: PolicyType, event: CloudEvent, consequence: Consequence): Promise<void> {
    const { database, scheduled } = this;
    if (consequence.kind === 'unschedule') {
      const { type, lane } = consequence;
      await insist(database, () =>
        scheduled.cancelAll({ type: commandType(type).name, lane, source: sourceOf(event) }),
      );
      return;
    }
    const envelope = envelopeOf(policy, event, consequence, this.privacy);
    if (consequence.kind === 'send') await this.sender.send(envelope);
    else await insist(database, () => scheduled.schedule(envelope, consequence.at, sourceOf(event)));
  }
}

/** Works on all of them, so many at a time. The first failure ends it, once what has begun has ended. */
async function sideBySide<T>(most: number, items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = items[Symbol.iterator]();
  const one = async (): Promise<void> => {
    for (const item of left) await work(item);
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(most, items.length) }, one));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
}

const sourceOf = (event: CloudEvent): Source => ({ stream: streamOf(event), version: Number(event.sequence) });

function envelopeOf(
  policy: PolicyType,
  event: CloudEvent,
  consequence: Exclude<Consequence, { kind: 'unschedule' }>,
  privacy: Privacy,
): Envelope {
  const sent = {
    id: commandId(policy, event, consequence),
    author: `system:${policy.name}`,
    roles: ['system'],
    // The same for every copy of the event: what follows from it happens when it happened.
    acceptedAt: consequence.kind === 'schedule' ? consequence.at : new Date(event.time),
    correlationId: event.correlationid,
    traceParent: event.traceparent,
  };
  return systemEnvelope(consequence.command, sent, privacy);
}

const commandId = (
  policy: PolicyType,
  event: CloudEvent,
  { command, target }: Exclude<Consequence, { kind: 'unschedule' }>,
): string => derivedId(event.id, policy.name, target ?? laneOf(command));

/** Two commands under one id would be one command. */
function assertTold(policy: PolicyType, consequences: readonly Consequence[]): void {
  const targets = consequences.flatMap((consequence) =>
    consequence.kind === 'unschedule' ? [] : [consequence.target ?? laneOf(consequence.command)],
  );
  if (new Set(targets).size < targets.length)
    throw new Error(`${policy.name} sends two commands to one target: give each a target of its own`);
}
