import { describe, it } from '@jest/globals';

import { DeleteLabourUpdate, LabourUpdateDeleted } from '../contract/index.js';
import { LabourNotFound, LabourUpdateNotFound } from '../domain/errors.js';
import {
  ada,
  followedBy,
  grace,
  inLabour,
  labourId,
  labourUpdateId,
  posted,
  stranger,
} from '../doubles/labour-scenario.js';

const remove = (userId = ada) => new DeleteLabourUpdate({ birthingPersonId: ada, userId, labourUpdateId });
const ids = { labourId, birthingPersonId: ada, labourUpdateId };
const deleted = new LabourUpdateDeleted({ ...ids, type: 'announcement' });
const withOne = inLabour().given(posted('announcement'));

describe('Deleting an update', () => {
  it('is told', () => withOne.when(remove()).then(deleted));

  it('tells what it was, so that a private one is not told to all', () =>
    inLabour()
      .given(posted('private_note'))
      .when(remove())
      .then(new LabourUpdateDeleted({ ...ids, type: 'private_note' })));

  it('is possible for birth partners only, besides the birthing person', async () => {
    await withOne.given(followedBy(grace, 'birth_partner')).when(remove(grace)).then(deleted);
    await withOne.when(remove(stranger)).thenRejected(LabourNotFound);
  });

  it('is rejected where there is none', async () => {
    await inLabour().when(remove()).thenRejected(LabourUpdateNotFound);
    await withOne.given(deleted).when(remove()).thenRejected(LabourUpdateNotFound);
  });
});
