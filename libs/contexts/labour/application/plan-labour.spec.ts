import { describe, it } from '@jest/globals';

import { LabourPlanned, PlanLabour } from '../contract/index.js';
import { ActiveLabourExists, BirthingPersonNotFound } from '../domain/errors.js';
import { ada, happened, inLabour, labourId, labourScenario, otherLabourId } from '../doubles/labour-scenario.js';

const details = { birthingPersonId: ada, labourId, firstLabour: true, labourName: 'Our little one' };
const plan = new PlanLabour({ ...details, dueDate: '2026-03-04' });
const planned = new LabourPlanned({ ...details, dueDate: '2026-03-04T00:00:00.000Z' });

describe('Planning a labour', () => {
  it('tells when it is due', () => labourScenario().given(happened.registered).when(plan).then(planned));

  it('is possible again after one is complete', () => {
    const next = { ...details, labourId: otherLabourId };
    return inLabour()
      .given(...happened.completed)
      .when(new PlanLabour({ ...next, dueDate: '2026-03-04T02:00:00+02:00' }))
      .then(new LabourPlanned({ ...next, dueDate: '2026-03-04T00:00:00.000Z' }));
  });

  it('is rejected while one is planned or under way', async () => {
    await labourScenario().given(happened.registered, planned).when(plan).thenRejected(ActiveLabourExists);
    await inLabour().when(plan).thenRejected(ActiveLabourExists);
  });

  it('is rejected to whoever has not registered', () =>
    labourScenario().given(happened.named).when(plan).thenRejected(BirthingPersonNotFound));
});
