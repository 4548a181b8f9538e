import { describe, expect, it } from '@jest/globals';

import { ContractionStarted, StartContraction } from '../contract/index.js';
import {
  ContractionAlreadyExists,
  ContractionInProgress,
  ContractionsOverlap,
  LabourNotFound,
  NoActiveLabour,
  StartTimeInFuture,
} from '../domain/errors.js';
import {
  ada,
  at,
  began,
  contractionId,
  ended,
  followedBy,
  grace,
  happened,
  inLabour,
  labourScenario,
  noteOfBeginning,
  now,
  otherContractionId,
  started,
  stranger,
} from '../doubles/labour-scenario.js';
import { BirthingPersonRow } from '../read-models/birthing-person.entity.js';

const start = (more: Partial<StartContraction> = {}) =>
  new StartContraction({ birthingPersonId: ada, userId: ada, contractionId, ...more });
const withOne = inLabour().given(started(at(-20)), ended(at(-20), 60));
const next = { contractionId: otherContractionId };

describe('Starting a contraction', () => {
  it('tells when it started', () => inLabour().when(start()).then(started(now)));

  it('tells all that was said of it', () =>
    inLabour()
      .when(start({ startTime: at(-1), intensity: 3, notes: 'In the back' }))
      .then(new ContractionStarted({ ...started(at(-1)), intensity: 3, notes: 'In the back' })));

  it('begins the labour that is planned, when it starts', () => {
    const [begun, early] = began(at(-1));
    return labourScenario()
      .given(happened.registered, happened.planned)
      .when(start({ startTime: at(-1) }))
      .then(begun, early, noteOfBeginning(), started(at(-1)));
  });

  it('is seen to go on', () =>
    inLabour()
      .when(start())
      .thenRow(BirthingPersonRow, ada, {
        labours: expect.arrayContaining([
          expect.objectContaining({
            contractions: [{ id: contractionId, startTime: now, endTime: null, intensity: null, notes: null }],
          }),
        ]) as never,
      }));

  it('is possible for birth partners', () =>
    inLabour()
      .given(followedBy(grace, 'birth_partner'))
      .when(start({ userId: grace }))
      .then(started(now)));

  it.each([
    ['a stranger', followedBy(grace, 'birth_partner'), stranger],
    ['a support person', followedBy(grace, 'support_person'), grace],
    ['one who follows', followedBy(grace, 'loved_one'), grace],
    ['one who was a birth partner', followedBy(grace, 'birth_partner', { subscribed: false }), grace],
  ])('is rejected to %s, as if there were no labour', (_, follower, userId) =>
    inLabour().given(follower).when(start({ userId })).thenRejected(LabourNotFound),
  );

  it('is rejected without a labour', async () => {
    await labourScenario().when(start()).thenRejected(NoActiveLabour);
    await labourScenario().given(happened.registered).when(start()).thenRejected(NoActiveLabour);
    await inLabour()
      .given(...happened.completed)
      .when(start())
      .thenRejected(NoActiveLabour);
  });

  it('is rejected while one goes on', () =>
    inLabour()
      .given(started(at(-1)))
      .when(start(next))
      .thenRejected(ContractionInProgress));

  it('is rejected under the id of another one', () => withOne.when(start()).thenRejected(ContractionAlreadyExists));

  it('is rejected before another one has ended, and possible when it has', async () => {
    await withOne.when(start({ ...next, startTime: at(-19, -0.001) })).thenRejected(ContractionsOverlap);
    await withOne.when(start({ ...next, startTime: at(-30) })).thenRejected(ContractionsOverlap);
    await withOne.when(start({ ...next, startTime: at(-19) })).then(started(at(-19), otherContractionId));
  });

  it('is rejected in the future, but for clocks that differ', async () => {
    await inLabour()
      .when(start({ startTime: at(5) }))
      .then(started(at(5)));
    await inLabour()
      .when(start({ startTime: at(5, 0.001) }))
      .thenRejected(StartTimeInFuture);
  });
});
