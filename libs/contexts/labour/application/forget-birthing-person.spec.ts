import { describe, it } from '@jest/globals';

import { ForgetBirthingPerson } from '../contract/index.js';
import { ada, happened, inLabour, labourScenario } from '../doubles/labour-scenario.js';
import { BirthingPersonRow } from '../read-models/birthing-person.entity.js';

const forget = new ForgetBirthingPerson({ birthingPersonId: ada });

describe('Forgetting a birthing person', () => {
  it('is recorded, once', async () => {
    await labourScenario().given(happened.registered).when(forget).then(happened.forgotten);
    await labourScenario().given(happened.registered, happened.forgotten).when(forget).thenNothing();
  });

  it('leaves nothing to read', () =>
    inLabour()
      .given(...happened.completed)
      .when(forget)
      .thenRow(BirthingPersonRow, ada, null));

  it('is final, even if nothing was known yet', () => labourScenario().when(forget).then(happened.forgotten));
});
