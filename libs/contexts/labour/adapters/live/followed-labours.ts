import type { Class } from '#kernel';
import { live, type LiveView } from '#platform/realtime/live-view.js';

import {
  ContractionDeleted,
  ContractionEnded,
  ContractionStarted,
  ContractionUpdated,
  LabourBegun,
  LabourCompleted,
  LabourPhaseChanged,
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

/** Tells the birthing person, and all who follow when it is told. */
const toldToAll = <E extends OfLabour>(name: string, event: Class<E>, more: (event: E) => object): LiveView =>
  live(event, {
    name,
    from: LabourAudienceQueries,
    to: ({ birthingPersonId }, audience) => audience.all(birthingPersonId),
    view: (told) => ({ labour_id: told.labourId, birthing_person_id: told.birthingPersonId, ...more(told) }),
  });

type Update = LabourUpdatePosted | LabourUpdateEdited;

/** A private note is told to those only who attend. */
const toldByType = <E extends Update>(name: string, event: Class<E>): LiveView =>
  live(event, {
    name,
    from: LabourAudienceQueries,
    to: ({ birthingPersonId, type }, audience) =>
      type === 'private_note' ? audience.attending(birthingPersonId) : audience.all(birthingPersonId),
    view: ({ labourId, birthingPersonId, labourUpdateId, type, message }) => ({
      labour_id: labourId,
      birthing_person_id: birthingPersonId,
      labour_update_id: labourUpdateId,
      type,
      message,
    }),
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
  toldToAll('labour_update_deleted', LabourUpdateDeleted, ({ labourUpdateId }) => ({
    labour_update_id: labourUpdateId,
  })),
];
