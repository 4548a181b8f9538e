import type { Class, PolicyMeta } from '#kernel';
import { live, type LiveView } from '#platform/realtime/live-view.js';

import {
  ContractionDeleted,
  ContractionEnded,
  ContractionStarted,
  ContractionUpdated,
  LabourBegun,
  LabourCompleted,
  LabourDeleted,
  LabourPhaseChanged,
  LabourPlanned,
  LabourPlanUpdated,
  LabourUpdateDeleted,
  LabourUpdateEdited,
  LabourUpdatePosted,
  RecommendationChanged,
} from '../../contract/index.js';
import { LabourAudienceQueries } from '../../read-models/labour-audience.queries.js';

interface OfLabour {
  readonly birthingPersonId: string;
  readonly labourId: string;
}

/** By the event's id a copy is recognised. */
const named = ({ labourId, birthingPersonId }: OfLabour, { eventId, occurredAt }: PolicyMeta) => ({
  event_id: eventId,
  labour_id: labourId,
  birthing_person_id: birthingPersonId,
  occurred_at: occurredAt.toISOString(),
});

/** Tells the birthing person, and all who follow when it is told. */
const toldToAll = <E extends OfLabour>(name: string, event: Class<E>, more: (event: E) => object): LiveView =>
  live(event, {
    name,
    from: LabourAudienceQueries,
    to: ({ birthingPersonId }, audience) => audience.all(birthingPersonId),
    view: (told, meta) => ({ ...named(told, meta), ...more(told) }),
  });

type Update = LabourUpdatePosted | LabourUpdateEdited;

/** A private note is told to those only who attend. */
const toldByType = <E extends Update>(name: string, event: Class<E>): LiveView =>
  live(event, {
    name,
    from: LabourAudienceQueries,
    to: ({ birthingPersonId, type }, audience) =>
      type === 'private_note' ? audience.attending(birthingPersonId) : audience.all(birthingPersonId),
    view: (told, meta) => ({
      ...named(told, meta),
      labour_update_id: told.labourUpdateId,
      type: told.type,
      message: told.message,
    }),
  });

/** What has become private is gone for everybody else. */
const retracted = live(LabourUpdateEdited, {
  name: 'labour_update_deleted',
  from: LabourAudienceQueries,
  to: ({ birthingPersonId, type, changed }, audience) =>
    type === 'private_note' && changed.includes('type') ? audience.others(birthingPersonId) : [],
  view: (told, meta) => ({ ...named(told, meta), labour_update_id: told.labourUpdateId }),
});

/** That there was a private note is as private; so may have been what does not say. */
const deleted = live(LabourUpdateDeleted, {
  name: 'labour_update_deleted',
  from: LabourAudienceQueries,
  to: ({ birthingPersonId, type = 'private_note' }, audience) =>
    type === 'private_note' ? audience.attending(birthingPersonId) : audience.all(birthingPersonId),
  view: (told, meta) => ({ ...named(told, meta), labour_update_id: told.labourUpdateId }),
});

const planned = ({ firstLabour, dueDate, labourName }: LabourPlanned | LabourPlanUpdated) => ({
  first_labour: firstLabour,
  due_date: dueDate,
  labour_name: labourName ?? null,
});

const measured = ({ contractionId, startTime, endTime, durationSeconds, intensity }: ContractionEnded) => ({
  contraction_id: contractionId,
  start_time: startTime,
  end_time: endTime,
  duration_seconds: durationSeconds,
  intensity,
});

/** What streams tell of labours. Notes on contractions are never told: whoever may read them finds them in the labour. */
export const followedLabours: readonly LiveView[] = [
  toldToAll('labour_planned', LabourPlanned, planned),
  toldToAll('labour_plan_updated', LabourPlanUpdated, planned),
  toldToAll('labour_deleted', LabourDeleted, () => ({})),
  toldToAll('labour_begun', LabourBegun, ({ firstLabour, startTime }) => ({
    first_labour: firstLabour,
    start_time: startTime,
  })),
  toldToAll('labour_phase_changed', LabourPhaseChanged, ({ from, to }) => ({ from, to })),
  toldToAll('labour_recommendation_changed', RecommendationChanged, ({ advice, from, to }) => ({ advice, from, to })),
  toldToAll('labour_completed', LabourCompleted, ({ endTime, notes = null }) => ({ end_time: endTime, notes })),
  toldToAll('contraction_started', ContractionStarted, ({ contractionId, startTime, intensity = null }) => ({
    contraction_id: contractionId,
    start_time: startTime,
    intensity,
  })),
  toldToAll('contraction_ended', ContractionEnded, measured),
  toldToAll('contraction_updated', ContractionUpdated, measured),
  toldToAll('contraction_deleted', ContractionDeleted, ({ contractionId }) => ({ contraction_id: contractionId })),
  toldByType('labour_update_posted', LabourUpdatePosted),
  toldByType('labour_update_edited', LabourUpdateEdited),
  retracted,
  deleted,
];
