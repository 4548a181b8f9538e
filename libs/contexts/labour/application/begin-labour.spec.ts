import { describe, it } from '@jest/globals';

import { BeginLabour, LabourBegun } from '../contract/index.js';
import {
  ActiveLabourExists,
  BirthingPersonNotFound,
  FirstLabourRequired,
  LabourAlreadyBegun,
  StartTimeInFuture,
} from '../domain/errors.js';
import {
  ada,
  at,
  began,
  happened,
  inLabour,
  labourId,
  labourScenario,
  noteOfBeginning,
  now,
  otherLabourId,
  phase,
} from '../doubles/labour-scenario.js';

const begin = (more: Partial<BeginLabour> = {}) =>
  new BeginLabour({ birthingPersonId: ada, labourId, firstLabour: true, ...more });
const registered = labourScenario().given(happened.registered);
const planned = registered.given(happened.planned);

describe('Beginning a labour', () => {
  it('tells so, comes to the early phase, and notes it for the birthing person', () =>
    registered.when(begin()).then(...began(now)));

  it('tells when it began, and what was noted', () =>
    registered.when(begin({ startTime: '2026-03-01T09:30:00+01:00', notes: 'The waters broke' })).then(
      new LabourBegun({
        labourId,
        birthingPersonId: ada,
        firstLabour: true,
        startTime: '2026-03-01T08:30:00.000Z',
        notes: 'The waters broke',
      }),
      phase('planned', 'early'),
      noteOfBeginning(),
    ));

  it('begins the one that was planned', () =>
    planned.when(begin({ labourId: otherLabourId, firstLabour: undefined })).then(...began(now)));

  it('may say otherwise than the plan whether it is the first', () =>
    planned.when(begin({ firstLabour: false })).then(...began(now, false)));

  it('needs to be told whether it is the first, if there is no plan', () =>
    registered.when(begin({ firstLabour: undefined })).thenRejected(FirstLabourRequired));

  it('takes no start in the future, but for clocks that differ', async () => {
    await registered
      .when(begin({ startTime: at(5) }))
      .then(
        new LabourBegun({ labourId, birthingPersonId: ada, firstLabour: true, startTime: at(5) }),
        phase('planned', 'early'),
        noteOfBeginning(),
      );
    await registered.when(begin({ startTime: at(5, 0.001) })).thenRejected(StartTimeInFuture);
  });

  it('is rejected while one is under way', async () => {
    await inLabour().when(begin()).thenRejected(ActiveLabourExists);
    await planned
      .given(...happened.begun)
      .when(begin())
      .thenRejected(LabourAlreadyBegun);
  });

  it('is rejected to whoever has not registered', () =>
    labourScenario().when(begin()).thenRejected(BirthingPersonNotFound));
});
