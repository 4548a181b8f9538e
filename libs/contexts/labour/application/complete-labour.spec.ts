import { describe, it } from '@jest/globals';

import { CompleteLabour, LabourCompleted, RecommendationChanged } from '../contract/index.js';
import {
  ContractionInProgress,
  EndBeforeStart,
  EndTimeInFuture,
  LabourNotBegun,
  NoActiveLabour,
} from '../domain/errors.js';
import {
  ada,
  at,
  ended,
  happened,
  inLabour,
  labourId,
  labourScenario,
  now,
  phase,
  started,
} from '../doubles/labour-scenario.js';

const complete = (more: Partial<CompleteLabour> = {}) => new CompleteLabour({ birthingPersonId: ada, ...more });
const completed = (endTime: string, notes?: string) =>
  new LabourCompleted({ labourId, birthingPersonId: ada, endTime, notes });
const withOne = inLabour().given(started(at(-20)), ended(at(-20), 60));

describe('Completing a labour', () => {
  it('tells when it ended, and the phase', () =>
    inLabour().when(complete()).then(completed(now), phase('early', 'complete')));

  it('tells what is noted', () =>
    inLabour()
      .when(complete({ endTime: at(-2), notes: 'A girl' }))
      .then(completed(at(-2), 'A girl'), phase('early', 'complete')));

  it('ends what was recommended', () => {
    const hospital = { labourId, birthingPersonId: ada, advice: 'go_to_hospital' } as const;
    return inLabour()
      .given(new RecommendationChanged({ ...hospital, from: false, to: true }))
      .when(complete())
      .then(
        completed(now),
        phase('early', 'complete'),
        new RecommendationChanged({ ...hospital, from: true, to: false }),
      );
  });

  it('is rejected before it has begun, and before its last contraction has ended', async () => {
    await inLabour()
      .when(complete({ endTime: at(-60) }))
      .then(completed(at(-60)), phase('early', 'complete'));
    await inLabour()
      .when(complete({ endTime: at(-60, -0.001) }))
      .thenRejected(EndBeforeStart);
    await withOne.when(complete({ endTime: at(-19) })).then(completed(at(-19)), phase('early', 'complete'));
    await withOne.when(complete({ endTime: at(-19, -0.001) })).thenRejected(EndBeforeStart);
  });

  it('ends it with what was noted by a clock that is ahead, unless a time is told', async () => {
    const ahead = inLabour().given(started(at(2)), ended(at(2), 60));
    await ahead.when(complete()).then(completed(at(3)), phase('early', 'complete'));
    await ahead.when(complete({ endTime: now })).thenRejected(EndBeforeStart);
  });

  it('is rejected in the future', () =>
    inLabour()
      .when(complete({ endTime: at(6) }))
      .thenRejected(EndTimeInFuture));

  it('is rejected while a contraction goes on', () =>
    inLabour()
      .given(started(at(-1)))
      .when(complete())
      .thenRejected(ContractionInProgress));

  it('is rejected without a labour that has begun', async () => {
    const registered = labourScenario().given(happened.registered);
    await registered.when(complete()).thenRejected(NoActiveLabour);
    await registered.given(happened.planned).when(complete()).thenRejected(LabourNotBegun);
    await inLabour()
      .given(...happened.completed)
      .when(complete())
      .thenRejected(NoActiveLabour);
  });
});
