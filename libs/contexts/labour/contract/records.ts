import { fold, on, type EventMeta, type Fold } from '#kernel';

import { BirthingPersonRegistered, IdentityRecorded, SubscriberRecorded } from './birthing-person-events.js';
import { ContractionDeleted, ContractionEnded, ContractionStarted, ContractionUpdated } from './contraction-events.js';
import {
  LabourBegun,
  LabourCompleted,
  LabourDeleted,
  LabourInviteSent,
  LabourPhaseChanged,
  LabourPlanned,
  LabourPlanUpdated,
  RecommendationChanged,
} from './labour-events.js';
import { LabourUpdateDeleted, LabourUpdateEdited, LabourUpdatePosted } from './labour-update-events.js';
import type { Advice, LabourPhase, LabourUpdateType, SubscriberRole } from './vocabulary.js';

// What the events say stands here because two know it: the aggregate, which decides by it, and the row that shows it.
// Times are texts in UTC, which sort as the times do.

export interface ContractionRecord {
  readonly id: string;
  readonly startTime: string;
  /** Null while it goes on. */
  readonly endTime: string | null;
  readonly intensity: number | null;
  readonly notes: string | null;
}

export interface LabourUpdateRecord {
  readonly id: string;
  readonly type: LabourUpdateType;
  readonly message: string;
  readonly sentTime: string;
  readonly editedAt: string | null;
  readonly applicationGenerated: boolean;
}

export interface LabourRecord {
  readonly id: string;
  readonly firstLabour: boolean;
  readonly labourName: string | null;
  /** Null: it was not planned. */
  readonly dueDate: string | null;
  readonly phase: LabourPhase;
  readonly startTime: string | null;
  readonly endTime: string | null;
  readonly notes: string | null;
  readonly contractions: readonly ContractionRecord[];
  readonly updates: readonly LabourUpdateRecord[];
  /** What events last said is recommended. */
  readonly recommended: readonly Advice[];
  readonly announcedAt: string | null;
  readonly createdAt: string;
}

/** One who follows, or did, as far as the news of the subscription have come. */
export interface SubscriberRecord {
  readonly subscriptionId: string;
  readonly subscriberId: string;
  readonly subscribed: boolean;
  readonly subscribedVersion: number;
  readonly role: SubscriberRole;
  readonly roleVersion: number;
}

/** All that is known of a user here. */
export interface BirthingPersonRecord {
  readonly username: string;
  readonly name: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  /** Null: of this user no more than the names is known, and who follows. */
  readonly registeredAt: string | null;
  readonly subscribers: readonly SubscriberRecord[];
  readonly labours: readonly LabourRecord[];
  /** When the latest invitations were sent. */
  readonly invitesSent: readonly string[];
}

export const nobodyYet: BirthingPersonRecord = {
  username: '',
  name: '',
  firstName: null,
  lastName: null,
  registeredAt: null,
  subscribers: [],
  labours: [],
  invitesSent: [],
};

type Person = BirthingPersonRecord;

/** Invitations of which the time is kept. */
const invitesKept = 10;

/** What becomes of a record with each event that adds to it. */
export const birthingPersonRecord: Fold<BirthingPersonRecord> = fold<BirthingPersonRecord>(
  on(IdentityRecorded, (person, { username, name, firstName = null, lastName = null }) => ({
    ...nobodyYet,
    ...person,
    username,
    name,
    firstName,
    lastName,
  })),
  on(BirthingPersonRegistered, (person, _, meta) => ({ ...nobodyYet, ...person, registeredAt: timeIn(meta) })),
  on(SubscriberRecorded, (person, subscriber) => {
    const { subscribers } = { ...nobodyYet, ...person };
    const others = subscribers.filter(({ subscriptionId }) => subscriptionId !== subscriber.subscriptionId);
    return { ...nobodyYet, ...person, subscribers: [...others, recordOf(subscriber)] };
  }),
  on(LabourPlanned, (person, { labourId, firstLabour, dueDate, labourName = null }, meta) => ({
    ...person,
    labours: [...person.labours, { ...unplanned(labourId, firstLabour, meta), dueDate, labourName }],
  })),
  on(LabourPlanUpdated, (person, { labourId, firstLabour, dueDate, labourName = null }) =>
    inLabour(person, labourId, (labour) => ({ ...labour, firstLabour, dueDate, labourName })),
  ),
  on(LabourBegun, (person, { labourId, firstLabour, startTime, notes = null }, meta) => {
    const isPlanned = person.labours.some(({ id }) => id === labourId);
    const labours = isPlanned ? person.labours : [...person.labours, unplanned(labourId, firstLabour, meta)];
    const begun = { firstLabour, phase: 'early', startTime, notes } as const;
    return inLabour({ ...person, labours }, labourId, (labour) => ({ ...labour, ...begun }));
  }),
  on(LabourPhaseChanged, (person, { labourId, to }) =>
    inLabour(person, labourId, (labour) => ({ ...labour, phase: to })),
  ),
  on(RecommendationChanged, (person, { labourId, advice, to }) =>
    inLabour(person, labourId, (labour) => {
      const others = labour.recommended.filter((one) => one !== advice);
      return { ...labour, recommended: to ? [...others, advice] : others };
    }),
  ),
  on(LabourCompleted, (person, { labourId, endTime, notes }) =>
    inLabour(person, labourId, (labour) => ({ ...labour, phase: 'complete', endTime, notes: notes ?? labour.notes })),
  ),
  on(LabourDeleted, (person, { labourId }) => ({
    ...person,
    labours: person.labours.filter(({ id }) => id !== labourId),
  })),
  on(LabourInviteSent, (person, _, meta) => ({
    ...person,
    invitesSent: [...person.invitesSent, timeIn(meta)].slice(-invitesKept),
  })),
  on(ContractionStarted, (person, { labourId, contractionId: id, startTime, intensity = null, notes = null }) =>
    inLabour(person, labourId, (labour) => ({
      ...labour,
      contractions: [...labour.contractions, { id, startTime, endTime: null, intensity, notes }],
    })),
  ),
  on(ContractionEnded, (person, event) => withContraction(person, event)),
  on(ContractionUpdated, (person, event) => withContraction(person, event)),
  on(ContractionDeleted, (person, { labourId, contractionId }) =>
    inLabour(person, labourId, (labour) => ({
      ...labour,
      contractions: labour.contractions.filter(({ id }) => id !== contractionId),
    })),
  ),
  on(LabourUpdatePosted, (person, { labourId, labourUpdateId: id, type, message, sentTime, applicationGenerated }) =>
    inLabour(person, labourId, (labour) => ({
      ...labour,
      updates: [...labour.updates, { id, type, message, sentTime, editedAt: null, applicationGenerated }],
      announcedAt: type === 'announcement' ? sentTime : labour.announcedAt,
    })),
  ),
  on(LabourUpdateEdited, (person, { labourId, labourUpdateId, type, message, editedAt }) =>
    inLabour(person, labourId, (labour) => ({
      ...labour,
      updates: labour.updates.map((one) => (one.id === labourUpdateId ? { ...one, type, message, editedAt } : one)),
      announcedAt: type === 'announcement' ? editedAt : labour.announcedAt,
    })),
  ),
  on(LabourUpdateDeleted, (person, { labourId, labourUpdateId }) =>
    inLabour(person, labourId, (labour) => ({
      ...labour,
      updates: labour.updates.filter(({ id }) => id !== labourUpdateId),
    })),
  ),
);

const timeIn = ({ occurredAt }: EventMeta): string => occurredAt.toISOString();

const recordOf = ({
  subscriptionId,
  subscriberId,
  subscribed,
  subscribedVersion,
  role,
  roleVersion,
}: SubscriberRecord): SubscriberRecord => ({
  subscriptionId,
  subscriberId,
  subscribed,
  subscribedVersion,
  role,
  roleVersion,
});

const unplanned = (id: string, firstLabour: boolean, meta: EventMeta): LabourRecord => ({
  id,
  firstLabour,
  labourName: null,
  dueDate: null,
  phase: 'planned',
  startTime: null,
  endTime: null,
  notes: null,
  contractions: [],
  updates: [],
  recommended: [],
  announcedAt: null,
  createdAt: timeIn(meta),
});

const inLabour = (person: Person, labourId: string, change: (labour: LabourRecord) => LabourRecord): Person => ({
  ...person,
  labours: person.labours.map((labour) => (labour.id === labourId ? change(labour) : labour)),
});

const withContraction = (person: Person, event: ContractionEnded | ContractionUpdated): Person => {
  const { labourId, contractionId: id, startTime, endTime, intensity, notes = null } = event;
  return inLabour(person, labourId, (labour) => ({
    ...labour,
    contractions: labour.contractions.map((one) =>
      one.id === id ? { id, startTime, endTime, intensity, notes } : one,
    ),
  }));
};
