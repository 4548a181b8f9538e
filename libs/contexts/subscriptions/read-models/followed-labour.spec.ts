import { describe, expect, it } from '@jest/globals';

import {
  LabourBegun,
  LabourCompleted,
  LabourDeleted,
  LabourPhaseChanged,
  LabourPlanned,
} from '#contexts/labour/contract/index.js';

import { ada, now, sharing } from '../doubles/subscriptions-scenario.js';
import { followedLabours } from './followed-labour.projection.js';

const first = { birthingPersonId: ada, labourId: '0196a1de-0000-7000-8000-0000000000f1' };
const second = { ...first, labourId: '0196a1de-0000-7000-8000-0000000000f2' };
const begun = new LabourBegun({ ...first, firstLabour: true, startTime: now });
const active = new LabourPhaseChanged({ ...first, from: 'early', to: 'active' });
const completed = new LabourCompleted({ ...first, endTime: now });
const planned = new LabourPlanned({ ...second, firstLabour: false, dueDate: now });
const deleted = (labour: typeof first): LabourDeleted => new LabourDeleted({ ...labour, deletedAt: now });

const rowAfter = (...events: readonly object[]) =>
  events.reduce<ReturnType<typeof followedLabours.fold.apply>>(
    (row, event, index) =>
      followedLabours.fold.apply(row, event, { version: index + 1, occurredAt: new Date(now), actor: ada }),
    null,
  );

describe('The phase of somebody who is followed', () => {
  it.each([
    [[planned], 'planned'],
    [[begun], 'early'],
    [[begun, active], 'active'],
    [[begun, active, completed], 'complete'],
    [[begun, completed, planned], 'planned'],
  ])('is that of the latest labour', (events, phase) => {
    expect(rowAfter(...events)).toMatchObject({ id: ada, phase });
  });

  it('is none where that labour was deleted, and stays where an older one was', () => {
    expect(rowAfter(begun, completed, deleted(first))).toBeNull();
    expect(rowAfter(begun, completed, planned, deleted(first))).toMatchObject({ phase: 'planned' });
  });

  it('is forgotten with the person', () => {
    expect(rowAfter(begun, sharing.forgotten)).toBeNull();
  });
});
