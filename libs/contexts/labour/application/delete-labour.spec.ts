import { describe, it } from '@jest/globals';

import { DeleteLabour, LabourDeleted } from '../contract/index.js';
import { LabourInProgress, LabourNotFound } from '../domain/errors.js';
import { ada, happened, inLabour, labourId, labourScenario, now } from '../doubles/labour-scenario.js';
import { BirthingPersonRow } from '../read-models/birthing-person.entity.js';

const remove = new DeleteLabour({ birthingPersonId: ada, labourId });
const deleted = new LabourDeleted({ birthingPersonId: ada, labourId, deletedAt: now });
const completed = inLabour().given(...happened.completed);
const planned = labourScenario().given(happened.registered, happened.planned);

describe('Deleting a labour', () => {
  it('is told', async () => {
    await completed.when(remove).then(deleted);
    await planned.when(remove).then(deleted);
  });

  it('leaves nothing of it to read', () =>
    completed.when(remove).thenRow(BirthingPersonRow, ada, { labours: [], labourIds: [] }));

  it('is rejected while it is in progress', () => inLabour().when(remove).thenRejected(LabourInProgress));

  it('is rejected where there is none, and the second time', async () => {
    await labourScenario().when(remove).thenRejected(LabourNotFound);
    await completed.given(deleted).when(remove).thenRejected(LabourNotFound);
  });
});
