import {
  LabourBegun,
  LabourCompleted,
  LabourDeleted,
  LabourPhaseChanged,
  LabourPlanned,
  type LabourPhase,
} from '#contexts/labour/contract/index.js';
import { fold, on, projection } from '#kernel';

import { ShareSettingsForgotten } from '../contract/index.js';
import { FollowedLabourRow } from './followed-labour.entity.js';

type FollowedLabour = Omit<FollowedLabourRow, 'version'>;

interface OfLabour {
  readonly birthingPersonId: string;
  readonly labourId: string;
}

const inPhase = ({ birthingPersonId, labourId }: OfLabour, phase: LabourPhase): FollowedLabour => ({
  id: birthingPersonId,
  labourId,
  phase,
});

/** This context's own copy of what it shows of labours. */
export const followedLabours = projection('subscriptions.followed_labours', FollowedLabourRow, {
  inline: false,
  key: (event) => (event as OfLabour).birthingPersonId,
  fold: fold<FollowedLabour>(
    on(LabourPlanned, (_, planned) => inPhase(planned, 'planned')),
    on(LabourBegun, (_, begun) => inPhase(begun, 'early')),
    on(LabourPhaseChanged, (_, changed) => inPhase(changed, changed.to)),
    on(LabourCompleted, (_, completed) => inPhase(completed, 'complete')),
    on(LabourDeleted, (row, { labourId }) => (row?.labourId === labourId ? null : row)),
    on(ShareSettingsForgotten, () => null),
  ),
});
