import { PickType } from '@nestjs/mapped-types';
import { IsUUID } from 'class-validator';

import { Optional, type Wire } from '#kernel';
import { notFound, type Problem } from '#platform/http/problem.js';

import {
  EditLabourUpdate,
  EndContraction,
  PostLabourUpdate,
  StartContraction,
  UpdateContraction,
} from '../../contract/index.js';
import { LabourView } from '../../read-models/labour-views.js';
import { CurrentLabourQueries, type Active } from '../../read-models/labour.queries.js';

/** Advice may change by time alone, and readers may come to read more. */
export const advised = ({ recommendations: { call_midwife: midwife } }: Wire<LabourView>): string | undefined =>
  midwife ? 'midwife' : undefined;

export const labour = { view: LabourView, queries: CurrentLabourQueries, phase: advised, path: '/api/v1/labours' };

export class NewContraction extends PickType(StartContraction, ['startTime', 'intensity', 'notes']) {
  /** Your own; left out, one is made. */
  @Optional() @IsUUID() readonly contractionId?: string;
}
export class ContractionEnd extends PickType(EndContraction, ['intensity', 'endTime', 'notes']) {}
export class ContractionChanges extends PickType(UpdateContraction, ['startTime', 'endTime', 'intensity', 'notes']) {}
export class NewLabourUpdate extends PickType(PostLabourUpdate, ['type', 'message']) {}
export class LabourUpdateChanges extends PickType(EditLabourUpdate, ['type', 'message']) {}

export const routes = {
  start: {
    body: NewContraction,
    reads: labour,
    summary: 'Start a contraction; a labour that is planned begins with it',
  },
  end: { body: ContractionEnd, reads: labour, summary: 'End the contraction that goes on' },
  change: { body: ContractionChanges, reads: labour, summary: 'Correct a contraction: the fields that are given' },
  remove: { deletes: true, summary: 'Delete a contraction' },
  post: {
    body: NewLabourUpdate,
    reads: labour,
    summary: 'Post an update',
    description:
      'An `announcement` is sent to all who follow, and stays as it is. A `status_update` is there for them to read. A `private_note` is for the birthing person and birth partners.',
  },
  edit: { body: LabourUpdateChanges, reads: labour, summary: 'Change an update that is no announcement yet' },
  retract: { deletes: true, summary: 'Delete an update' },
};

/** @throws Problem 404 */
export function activeOr404<View>(found: Active<View>): View {
  if (found === 'none')
    throw notFound('no_active_labour', 'no labour is planned or under way: plan or begin one first');
  if (found === undefined) throw labourNotFound();
  return found;
}

export const labourNotFound = (): Problem => notFound('labour_not_found', 'there is no such labour');
