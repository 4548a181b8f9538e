import { describe, it } from '@jest/globals';

import { IdentityRecorded, RefreshIdentity } from '../contract/index.js';
import { ada, happened, inLabour, labourId, labourScenario } from '../doubles/labour-scenario.js';
import { BirthingPersonRow } from '../read-models/birthing-person.entity.js';

const names = { birthingPersonId: ada, username: 'countess', name: 'Ada King', firstName: 'Ada', lastName: 'King' };
const refresh = new RefreshIdentity(names);

describe('The names of a user', () => {
  it('are kept, registered or not', () => labourScenario().when(refresh).then(new IdentityRecorded(names)));

  it('replace those from before', () =>
    labourScenario()
      .given(new IdentityRecorded(names))
      .when(new RefreshIdentity({ birthingPersonId: ada, username: 'ada_l', name: '' }))
      .thenRow(BirthingPersonRow, ada, { username: 'ada_l', name: '', firstName: null, lastName: null }));

  it('change nothing else', () =>
    inLabour()
      .when(refresh)
      .thenRow(BirthingPersonRow, ada, { name: 'Ada King', labourIds: [labourId] }));

  it('are recorded only if they are others', () =>
    labourScenario().given(new IdentityRecorded(names)).when(refresh).thenNothing());

  it('are not kept after the account was deleted', () =>
    labourScenario().given(happened.registered, happened.forgotten).when(refresh).thenNothing());
});
