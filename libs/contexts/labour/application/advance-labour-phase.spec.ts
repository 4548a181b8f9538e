import { describe, it } from '@jest/globals';

import { AdvanceLabourPhase, type PhaseOfLabour } from '../contract/index.js';
import { LabourAlreadyCompleted, LabourNotBegun, NoActiveLabour, PhaseUnchanged } from '../domain/errors.js';
import { ada, happened, inLabour, labourScenario, phase } from '../doubles/labour-scenario.js';

const advance = (to: PhaseOfLabour) => new AdvanceLabourPhase({ birthingPersonId: ada, phase: to });

describe('Saying in which phase a labour is', () => {
  it('is told', () => inLabour().when(advance('pushing')).then(phase('early', 'pushing')));

  it('may correct what was said before', () =>
    inLabour().given(phase('early', 'pushing')).when(advance('active')).then(phase('pushing', 'active')));

  it('is rejected if it says nothing new', () => inLabour().when(advance('early')).thenRejected(PhaseUnchanged));

  it('is rejected before the labour, after it, and without one', async () => {
    const registered = labourScenario().given(happened.registered);
    await registered.given(happened.planned).when(advance('active')).thenRejected(LabourNotBegun);
    await inLabour()
      .given(...happened.completed)
      .when(advance('active'))
      .thenRejected(LabourAlreadyCompleted);
    await registered.when(advance('active')).thenRejected(NoActiveLabour);
  });
});
