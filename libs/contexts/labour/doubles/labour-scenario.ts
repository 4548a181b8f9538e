import type { Provider } from '@nestjs/common';

import { derivedId } from '#kernel';
import { scenario, type Scenario } from '#testing/scenario/scenario.js';

import { AddressLookup } from '../application/ports.js';
import {
  BirthingPersonForgotten,
  BirthingPersonRegistered,
  ContractionEnded,
  ContractionStarted,
  IdentityRecorded,
  LabourBegun,
  LabourCompleted,
  LabourPhaseChanged,
  LabourPlanned,
  LabourUpdatePosted,
  SubscriberRecorded,
  type LabourPhase,
  type LabourUpdateType,
  type SubscriberRole,
} from '../contract/index.js';
import { LabourWorkerModule } from '../labour.worker.module.js';
import { InMemoryAddresses } from './in-memory-addresses.js';

export const doubles: readonly Provider[] = [{ provide: AddressLookup, useClass: InMemoryAddresses }];

/** Begins a story of this context. */
export const labourScenario = (): Scenario => scenario(LabourWorkerModule, { doubles });

export const ada = '0196a1de-0000-7000-8000-00000000000a';
export const grace = '0196a1de-0000-7000-8000-00000000000b';
export const stranger = '0196a1de-0000-7000-8000-00000000000c';
export const labourId = '0196a1de-0000-7000-8000-0000000000d1';
export const otherLabourId = '0196a1de-0000-7000-8000-0000000000d2';
export const contractionId = '0196a1de-0000-7000-8000-0000000000e1';
export const otherContractionId = '0196a1de-0000-7000-8000-0000000000e2';
export const labourUpdateId = '0196a1de-0000-7000-8000-0000000000f1';
export const subscriptionId = '0196a1de-0000-8000-8000-00000000005b';
/** When commands are accepted in a story. */
export const now = '2026-03-01T10:00:00.000Z';

/** So many minutes and seconds from then. */
export const at = (minutes: number, seconds = 0): string =>
  new Date(Date.parse(now) + minutes * 60_000 + seconds * 1_000).toISOString();

const ids = { labourId, birthingPersonId: ada };

export const phase = (from: LabourPhase, to: LabourPhase): LabourPhaseChanged =>
  new LabourPhaseChanged({ ...ids, from, to });

export const posted = (
  type: LabourUpdateType,
  { sentTime = at(-60), message = 'We are on our way' } = {},
): LabourUpdatePosted =>
  new LabourUpdatePosted({ ...ids, labourUpdateId, type, message, sentTime, applicationGenerated: false });

/** What a labour notes of itself when it begins. */
export const noteOfBeginning = (sentTime = now): LabourUpdatePosted =>
  new LabourUpdatePosted({
    ...ids,
    labourUpdateId: derivedId('labour.begun_note', labourId),
    type: 'private_note',
    message: 'Labour has begun',
    sentTime,
    applicationGenerated: true,
  });

export const began = (startTime: string, firstLabour = true): readonly [object, object, object] => [
  new LabourBegun({ ...ids, firstLabour, startTime }),
  phase('planned', 'early'),
  noteOfBeginning(startTime),
];

export const started = (startTime: string, id = contractionId): ContractionStarted =>
  new ContractionStarted({ ...ids, contractionId: id, startTime });

export const ended = (
  startTime: string,
  seconds: number,
  { intensity = 4, id = contractionId, notes }: { intensity?: number; id?: string; notes?: string } = {},
): ContractionEnded =>
  new ContractionEnded({
    ...ids,
    contractionId: id,
    startTime,
    endTime: new Date(Date.parse(startTime) + seconds * 1_000).toISOString(),
    durationSeconds: seconds,
    intensity,
    notes,
  });

/** One from its start to its end, under an id of its own. */
export function had(startTime: string, seconds: number, intensity = 4): readonly object[] {
  const id = derivedId('contraction', startTime);
  return [started(startTime, id), ended(startTime, seconds, { intensity, id })];
}

export const followedBy = (
  subscriberId: string,
  role: SubscriberRole,
  { subscribed = true } = {},
): SubscriberRecorded =>
  new SubscriberRecorded({
    birthingPersonId: ada,
    subscriptionId,
    subscriberId,
    subscribed,
    subscribedVersion: 1,
    role,
    roleVersion: 1,
  });

/** What may have happened to one birthing person. */
export const happened = {
  named: new IdentityRecorded({ birthingPersonId: ada, username: 'ada_l', name: 'Ada L.' }),
  registered: new BirthingPersonRegistered({ birthingPersonId: ada }),
  planned: new LabourPlanned({ ...ids, firstLabour: true, dueDate: '2026-03-04T00:00:00.000Z' }),
  begun: began(at(-60)),
  completed: [new LabourCompleted({ ...ids, endTime: at(-1) }), phase('early', 'complete')],
  forgotten: new BirthingPersonForgotten({ birthingPersonId: ada }),
};

/** The story of one whose labour is under way. */
export const inLabour = (): Scenario => labourScenario().given(happened.registered, ...happened.begun);
