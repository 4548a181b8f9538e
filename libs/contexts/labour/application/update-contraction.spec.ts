import { describe, it } from '@jest/globals';

import { ContractionUpdated, RecommendationChanged, UpdateContraction } from '../contract/index.js';
import {
  ContractionInProgress,
  ContractionNotFound,
  ContractionsOverlap,
  ContractionStartAfterEnd,
  EndTimeInFuture,
  LabourAlreadyCompleted,
  LabourNotFound,
  NothingToUpdate,
} from '../domain/errors.js';
import {
  ada,
  at,
  contractionId,
  ended,
  followedBy,
  grace,
  had,
  happened,
  inLabour,
  labourId,
  phase,
  started,
  stranger,
} from '../doubles/labour-scenario.js';

const update = (more: Partial<UpdateContraction>) =>
  new UpdateContraction({ birthingPersonId: ada, userId: ada, contractionId, ...more });
const past = [started(at(-20)), ended(at(-20), 60, { notes: 'In the back' })];
const withOne = inLabour().given(...past);

const updated = (more: Partial<ContractionUpdated>) =>
  new ContractionUpdated({
    ...ended(at(-20), 60, { notes: 'In the back' }),
    changed: [],
    ...more,
  });

describe('Correcting a contraction', () => {
  it('tells all of it, and what has changed', () =>
    withOne
      .when(update({ startTime: at(-20, -30), intensity: 7 }))
      .then(
        updated({ startTime: at(-20, -30), durationSeconds: 90, intensity: 7, changed: ['start_time', 'intensity'] }),
      ));

  it('clears its notes', () =>
    withOne.when(update({ notes: null })).then(updated({ notes: undefined, changed: ['notes'] })));

  it('changes nothing when it says the same as before', () =>
    withOne.when(update({ intensity: 4, endTime: at(-19) })).thenNothing());

  it('needs something to correct', () => withOne.when(update({})).thenRejected(NothingToUpdate));

  it('may bring the labour on', () =>
    inLabour()
      .given(...had(at(-40), 60, 7), ...had(at(-30), 60, 7), ...past)
      .when(update({ intensity: 6 }))
      .then(updated({ intensity: 6, changed: ['intensity'] }), phase('early', 'active')));

  it('may change what is recommended', () =>
    withOne
      .when(update({ endTime: at(-17) }))
      .then(
        updated({ endTime: at(-17), durationSeconds: 180, changed: ['end_time'] }),
        new RecommendationChanged({ labourId, birthingPersonId: ada, advice: 'call_midwife', from: false, to: true }),
      ));

  it('is possible for birth partners only, besides the birthing person', async () => {
    await withOne
      .given(followedBy(grace, 'birth_partner'))
      .when(update({ userId: grace, intensity: 5 }))
      .then(updated({ intensity: 5, changed: ['intensity'] }));
    await withOne.when(update({ userId: stranger, intensity: 5 })).thenRejected(LabourNotFound);
  });

  it('lets it touch others, and not overlap', async () => {
    const among = inLabour().given(...had(at(-22), 60), ...past, ...had(at(-18), 60));
    await among.when(update({ startTime: at(-21), endTime: at(-18) })).then(
      updated({
        startTime: at(-21),
        endTime: at(-18),
        durationSeconds: 180,
        changed: ['start_time', 'end_time'],
      }),
      new RecommendationChanged({ labourId, birthingPersonId: ada, advice: 'call_midwife', from: false, to: true }),
    );
    await among.when(update({ startTime: at(-21, -0.001) })).thenRejected(ContractionsOverlap);
    await among.when(update({ endTime: at(-18, 0.001) })).thenRejected(ContractionsOverlap);
    await among.when(update({ startTime: at(-23), endTime: at(-17) })).thenRejected(ContractionsOverlap);
  });

  it('adds one that was missed: it is noted after the others, then brought before them', () =>
    inLabour()
      .given(...had(at(-30), 60), ...past)
      .when(update({ startTime: at(-40), endTime: at(-39) }))
      .then(updated({ startTime: at(-40), endTime: at(-39), changed: ['start_time', 'end_time'] })));

  it('lets it not reach into the one that goes on', () =>
    withOne
      .given(started(at(-1), '0196a1de-0000-7000-8000-0000000000e9'))
      .when(update({ endTime: at(0) }))
      .thenRejected(ContractionsOverlap));

  it('lets it end after its start, and not in the future', async () => {
    await withOne.when(update({ startTime: at(-19) })).thenRejected(ContractionStartAfterEnd);
    await withOne.when(update({ endTime: at(6) })).thenRejected(EndTimeInFuture);
  });

  it('is rejected where there is none, while it goes on, and after the labour', async () => {
    await inLabour()
      .when(update({ intensity: 5 }))
      .thenRejected(ContractionNotFound);
    await inLabour()
      .given(started(at(-1)))
      .when(update({ intensity: 5 }))
      .thenRejected(ContractionInProgress);
    await withOne
      .given(...happened.completed)
      .when(update({ intensity: 5 }))
      .thenRejected(LabourAlreadyCompleted);
  });
});
