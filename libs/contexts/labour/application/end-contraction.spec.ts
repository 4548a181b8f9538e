import { describe, it } from '@jest/globals';

import { ContractionStarted, EndContraction, RecommendationChanged, type Advice } from '../contract/index.js';
import {
  ContractionStartAfterEnd,
  EndTimeInFuture,
  LabourNotFound,
  NoActiveLabour,
  NoContractionInProgress,
} from '../domain/errors.js';
import {
  ada,
  at,
  began,
  ended,
  followedBy,
  grace,
  had,
  happened,
  inLabour,
  labourId,
  labourScenario,
  phase,
  started,
  stranger,
} from '../doubles/labour-scenario.js';

const end = (more: Partial<EndContraction> = {}) =>
  new EndContraction({ birthingPersonId: ada, userId: ada, intensity: 4, ...more });
const running = inLabour().given(started(at(-1)));

const turned = (advice: Advice, to: boolean) =>
  new RecommendationChanged({ labourId, birthingPersonId: ada, advice, from: !to, to });

/** So many contractions of a minute, the last of which goes on: it has lasted a minute. */
function nearly(firstLabour: boolean, count: number, apart: number) {
  const starts = Array.from({ length: count }, (_, n) => at(-1 - (count - 1 - n) * apart));
  const before = starts.slice(0, -1).flatMap((start) => had(start, 60));
  return labourScenario().given(happened.registered, ...began(at(-120), firstLabour), ...before, started(at(-1)));
}

describe('Ending a contraction', () => {
  it('tells how long it lasted', () => running.when(end()).then(ended(at(-1), 60)));

  it('tells what is noted at the end, or else what was at the start', async () => {
    const noted = inLabour().given(new ContractionStarted({ ...started(at(-1)), notes: 'In the back' }));
    await noted.when(end()).then(ended(at(-1), 60, { notes: 'In the back' }));
    await noted.when(end({ notes: '' })).then(ended(at(-1), 60, { notes: '' }));
    await noted.when(end({ notes: 'All around' })).then(ended(at(-1), 60, { notes: 'All around' }));
  });

  it('takes the end that is told', () => running.when(end({ endTime: at(0, -15) })).then(ended(at(-1), 45)));

  it('is possible for birth partners only, besides the birthing person', async () => {
    await running
      .given(followedBy(grace, 'birth_partner'))
      .when(end({ userId: grace }))
      .then(ended(at(-1), 60));
    await running.when(end({ userId: stranger })).thenRejected(LabourNotFound);
  });

  it('is rejected without a labour, and without a contraction', async () => {
    await labourScenario().given(happened.registered).when(end()).thenRejected(NoActiveLabour);
    await inLabour().when(end()).thenRejected(NoContractionInProgress);
    await running
      .given(ended(at(-1), 30))
      .when(end())
      .thenRejected(NoContractionInProgress);
  });

  it('is rejected unless it ends after its start', async () => {
    await running.when(end({ endTime: at(-1, -1) })).thenRejected(ContractionStartAfterEnd);
    await running.when(end({ endTime: at(-1) })).thenRejected(ContractionStartAfterEnd);
  });

  it('is rejected in the future', () => running.when(end({ endTime: at(5, 1) })).thenRejected(EndTimeInFuture));
});

describe('With the contraction that has ended', () => {
  const strong = [...had(at(-20), 60, 6), ...had(at(-10), 60, 6)];

  it('the labour becomes active, if the latest three are strong and long', () =>
    inLabour()
      .given(...strong, started(at(-1)))
      .when(end({ intensity: 6 }))
      .then(ended(at(-1), 60, { intensity: 6 }), phase('early', 'active')));

  it('the labour never goes back', () =>
    inLabour()
      .given(phase('early', 'pushing'), ...strong, started(at(-1)))
      .when(end({ intensity: 6 }))
      .then(ended(at(-1), 60, { intensity: 6 })));

  it.each([
    { kind: 'a first labour', first: true, count: 5, apart: 3, advice: 'prepare_for_hospital' },
    { kind: 'a later labour', first: false, count: 3, apart: 5, advice: 'prepare_for_hospital' },
  ] as const)('the advice to prepare is told in $kind: with number $count', async ({ first, count, apart, advice }) => {
    await nearly(first, count, apart)
      .when(end())
      .then(ended(at(-1), 60), turned(advice, true));
    await nearly(first, count - 1, apart)
      .when(end())
      .then(ended(at(-1), 60));
  });

  it.each([
    { kind: 'a first labour', first: true, count: 20, apart: 3 },
    { kind: 'a later labour', first: false, count: 6, apart: 5 },
  ])('the advice to go is told in $kind: with number $count, and once', async ({ first, count, apart }) => {
    const prepared = turned('prepare_for_hospital', true);
    const gone = turned('go_to_hospital', true);
    await nearly(first, count, apart)
      .given(prepared)
      .when(end())
      .then(ended(at(-1), 60), gone);
    await nearly(first, count - 1, apart)
      .given(prepared)
      .when(end())
      .then(ended(at(-1), 60));
    await nearly(first, count, apart)
      .given(prepared, gone)
      .when(end())
      .then(ended(at(-1), 60));
  });

  it('what is recommended no more is told, too', () =>
    nearly(false, 6, 5)
      .given(turned('prepare_for_hospital', true), turned('go_to_hospital', true))
      .when(end({ endTime: at(0, -1) }))
      .then(ended(at(-1), 59), turned('prepare_for_hospital', false), turned('go_to_hospital', false)));

  it('the midwife is to be called, if it was longer than two minutes', async () => {
    const long = inLabour().given(started(at(-2)));
    await long.when(end()).then(ended(at(-2), 120));
    await long.when(end({ endTime: at(0, 1) })).then(ended(at(-2), 121), turned('call_midwife', true));
  });

  it('the midwife is to be called, if it is the sixth of the ten minutes before it was told', async () => {
    const often = (firstStart: string) =>
      inLabour().given(
        ...had(firstStart, 20),
        ...[-8, -7, -6, -5].flatMap((minute) => had(at(minute), 20)),
        started(at(-1)),
      );
    await often(at(-10))
      .when(end())
      .then(ended(at(-1), 60), turned('call_midwife', true));
    await often(at(-10, -0.001))
      .when(end())
      .then(ended(at(-1), 60));
  });
});
