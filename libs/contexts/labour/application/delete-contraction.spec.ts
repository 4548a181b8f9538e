import { describe, it } from '@jest/globals';

import { ContractionDeleted, DeleteContraction, RecommendationChanged } from '../contract/index.js';
import {
  ContractionInProgress,
  ContractionNotFound,
  LabourAlreadyCompleted,
  LabourNotFound,
} from '../domain/errors.js';
import {
  ada,
  at,
  contractionId,
  ended,
  followedBy,
  grace,
  happened,
  inLabour,
  labourId,
  started,
  stranger,
} from '../doubles/labour-scenario.js';

const remove = (userId = ada) => new DeleteContraction({ birthingPersonId: ada, userId, contractionId });
const withOne = inLabour().given(started(at(-20)), ended(at(-20), 130));
const deleted = new ContractionDeleted({ labourId, birthingPersonId: ada, contractionId });

describe('Deleting a contraction', () => {
  it('is told', () => withOne.when(remove()).then(deleted));

  it('may change what is recommended', () => {
    const midwife = { labourId, birthingPersonId: ada, advice: 'call_midwife' } as const;
    return withOne
      .given(new RecommendationChanged({ ...midwife, from: false, to: true }))
      .when(remove())
      .then(deleted, new RecommendationChanged({ ...midwife, from: true, to: false }));
  });

  it('is possible for birth partners only, besides the birthing person', async () => {
    await withOne.given(followedBy(grace, 'birth_partner')).when(remove(grace)).then(deleted);
    await withOne.when(remove(stranger)).thenRejected(LabourNotFound);
  });

  it('is rejected where there is none, while it goes on, and after the labour', async () => {
    await withOne.given(deleted).when(remove()).thenRejected(ContractionNotFound);
    await inLabour()
      .given(started(at(-1)))
      .when(remove())
      .thenRejected(ContractionInProgress);
    await withOne
      .given(...happened.completed)
      .when(remove())
      .thenRejected(LabourAlreadyCompleted);
  });
});
