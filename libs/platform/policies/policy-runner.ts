import { commandType, derivedId, laneOf, type Consequence, type PolicyType } from '#kernel';

import type { Database } from '../database/database.js';
import { insist } from '../engine/insist.js';
import { revivedEvent } from '../event-log/recorded-event.js';
import type { CloudEvent } from '../messaging/cloud-event.js';
import type { Envelope } from '../messaging/envelope.js';
import { systemEnvelope } from '../messaging/system-envelope.js';
import type { ScheduledCommands, Source } from '../scheduling/scheduled-commands.js';
import { streamOf } from './parked-events.js';
import type { PersistentSender } from './persistent-sender.js';

/** Gives a policy the port that it asks for rows. */
export type Ports = (token: NonNullable<PolicyType['from']>) => object;

/** Carries out what policies want: each command under an id that follows from the event, the policy and the target. */
export class PolicyRunner {
  constructor(
    private readonly database: Database,
    private readonly ports: Ports,
    private readonly sender: PersistentSender,
    private readonly scheduled: ScheduledCommands,
  ) {}

  /**
   * Resolves once all that follows from the event is durable.
   * @throws whatever the policy throws, and InvalidMessage when a command of it is not valid
   */
  async run(policy: PolicyType, event: CloudEvent): Promise<void> {
    const message = revivedEvent(event.type, event.data);
    const rows = policy.from && (await policy.rows(this.ports(policy.from) as never, message as never));
    const meta = {
      eventId: event.id,
      version: Number(event.sequence),
      occurredAt: new Date(event.time),
      actor: event.actor,
    };
    const { then } = policy;
    const consequences = then(message as never, rows as never, meta);
    assertTold(policy, consequences);
    for (const consequence of consequences) await this.#carryOut(policy, event, consequence);
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
    const envelope = envelopeOf(policy, event, consequence);
    if (consequence.kind === 'send') await this.sender.send(envelope);
    else await insist(database, () => scheduled.schedule(envelope, consequence.at, sourceOf(event)));
  }
}

const sourceOf = (event: CloudEvent): Source => ({ stream: streamOf(event), version: Number(event.sequence) });

function envelopeOf(
  policy: PolicyType,
  event: CloudEvent,
  consequence: Exclude<Consequence, { kind: 'unschedule' }>,
): Envelope {
  return systemEnvelope(consequence.command, {
    id: commandId(policy, event, consequence),
    author: `system:${policy.name}`,
    roles: ['system'],
    // The same for every copy of the event: what follows from it happens when it happened.
    acceptedAt: consequence.kind === 'schedule' ? consequence.at : new Date(event.time),
    correlationId: event.correlationid,
    traceParent: event.traceparent,
  });
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
