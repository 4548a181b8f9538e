import { describe, it } from '@jest/globals';

import { RegisterBirthingPerson } from '../contract/index.js';
import { BirthingPersonAlreadyExists, BirthingPersonNotFound } from '../domain/errors.js';
import { ada, happened, labourScenario, now } from '../doubles/labour-scenario.js';
import { BirthingPersonRow } from '../read-models/birthing-person.entity.js';

const register = new RegisterBirthingPerson({ birthingPersonId: ada });

describe('Registering as a birthing person', () => {
  it('is told', () => labourScenario().when(register).then(happened.registered));

  it('keeps the names that came before', () =>
    labourScenario()
      .given(happened.named)
      .when(register)
      .thenRow(BirthingPersonRow, ada, { name: 'Ada L.', username: 'ada_l', registeredAt: now }));

  it('is rejected the second time', () =>
    labourScenario().given(happened.registered).when(register).thenRejected(BirthingPersonAlreadyExists));

  it('is rejected after the account was deleted', () =>
    labourScenario().given(happened.forgotten).when(register).thenRejected(BirthingPersonNotFound));
});
