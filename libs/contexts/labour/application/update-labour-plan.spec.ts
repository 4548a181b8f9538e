import { describe, it } from '@jest/globals';

import { LabourPlanUpdated, UpdateLabourPlan } from '../contract/index.js';
import { LabourAlreadyBegun, NoActiveLabour } from '../domain/errors.js';
import { ada, happened, inLabour, labourId, labourScenario } from '../doubles/labour-scenario.js';

const update = new UpdateLabourPlan({ birthingPersonId: ada, firstLabour: false, dueDate: '2026-03-05' });
const updated = new LabourPlanUpdated({
  labourId,
  birthingPersonId: ada,
  firstLabour: false,
  dueDate: '2026-03-05T00:00:00.000Z',
});

describe('Changing the plan of a labour', () => {
  const planned = labourScenario().given(happened.registered, happened.planned);

  it('tells the whole of it', () => planned.when(update).then(updated));

  it('changes nothing when it says the same as before', () => planned.given(updated).when(update).thenNothing());

  it('is rejected without one', async () => {
    await labourScenario().given(happened.registered).when(update).thenRejected(NoActiveLabour);
    await labourScenario().when(update).thenRejected(NoActiveLabour);
    await inLabour()
      .given(...happened.completed)
      .when(update)
      .thenRejected(NoActiveLabour);
  });

  it('is rejected once the labour has begun', () => inLabour().when(update).thenRejected(LabourAlreadyBegun));
});
