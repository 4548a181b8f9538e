import type { Wire } from '#kernel';

import {
  advicePolicy,
  type BirthingPersonRecord,
  type ContractionRecord,
  type LabourRecord,
  type LabourUpdateRecord,
} from '../contract/index.js';
import {
  notice,
  type ContractionView,
  type LabourOverview,
  type LabourSummary,
  type LabourUpdateView,
  type LabourView,
} from './labour-views.js';
import { patternOf } from './numbers.js';

/** Of whom, at which version, and who reads it when. */
export interface Reading {
  readonly birthingPersonId: string;
  readonly version: number;
  readonly now: Date;
  /** Whoever reads it may read what is private. */
  readonly isAttending: boolean;
}

const second = 1_000;
const hour = 3_600 * second;

export function shownContraction(
  { id, startTime, endTime, intensity, notes }: ContractionRecord,
  isAttending: boolean,
): Wire<ContractionView> {
  const seconds = endTime === null ? 0 : (Date.parse(endTime) - Date.parse(startTime)) / second;
  return {
    id,
    start_time: startTime,
    end_time: endTime ?? startTime,
    is_active: endTime === null,
    duration_seconds: seconds,
    duration: `${Math.floor(seconds / 60)}m ${Math.floor(seconds % 60)}s`,
    intensity,
    notes: isAttending ? notes : null,
  };
}

export const shownUpdate = ({
  id,
  type,
  message,
  sentTime,
  editedAt,
  applicationGenerated,
}: LabourUpdateRecord): Wire<LabourUpdateView> => ({
  id,
  type,
  message,
  sent_time: sentTime,
  edited_at: editedAt,
  application_generated: applicationGenerated,
});

export const overviewOf = (labour: LabourRecord, birthingPersonId: string): Wire<LabourOverview> => ({
  id: labour.id,
  birthing_person_id: birthingPersonId,
  first_labour: labour.firstLabour,
  labour_name: labour.labourName,
  due_date: labour.dueDate,
  current_phase: labour.phase,
  start_time: labour.startTime,
  end_time: labour.endTime,
  notes: labour.notes,
  contraction_count: labour.contractions.length,
  created_at: labour.createdAt,
});

export function shownLabour(
  labour: LabourRecord,
  { birthingPersonId, version, now, isAttending }: Reading,
): Wire<LabourView> {
  const { contraction_count: _, created_at: __, ...overview } = overviewOf(labour, birthingPersonId);
  const updates = labour.updates.filter(({ type }) => isAttending || type !== 'private_note');
  return {
    ...overview,
    version,
    pattern: patternOf(labour),
    recommendations: { ...advicePolicy.for(labour, now), notice },
    contractions: labour.contractions
      .toSorted((one, other) => (one.startTime < other.startTime ? -1 : 1))
      .map((contraction) => shownContraction(contraction, isAttending)),
    updates: updates.map(shownUpdate),
  };
}

export function summaryOf(labour: LabourRecord, now: Date): Wire<LabourSummary> {
  const { id, phase, startTime, endTime, contractions } = labour;
  const end = endTime === null ? now.getTime() : Date.parse(endTime);
  return {
    id,
    duration: startTime === null ? null : Math.round(((end - Date.parse(startTime)) / hour) * 100) / 100,
    contraction_count: contractions.length,
    current_phase: phase,
    hospital_recommended: advicePolicy.for(labour, now).go_to_hospital,
    pattern: patternOf(labour),
  };
}

type Names = Pick<BirthingPersonRecord, 'username' | 'name' | 'firstName' | 'lastName'>;

/** First and last name, or the one that there is, or else the name, or else the user name. */
export const shownName = ({ username, name, firstName, lastName }: Names): string =>
  [firstName, lastName].filter(Boolean).join(' ') || name || username;
