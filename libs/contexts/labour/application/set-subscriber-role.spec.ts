import { describe, it } from '@jest/globals';

import { SetSubscriberRole, SubscriberRecorded } from '../contract/index.js';
import { ada, followedBy, grace, happened, labourScenario, subscriptionId } from '../doubles/labour-scenario.js';

const setRole = (version: number) =>
  new SetSubscriberRole({
    birthingPersonId: ada,
    subscriptionId,
    subscriberId: grace,
    role: 'birth_partner',
    version,
  });
const known = followedBy(grace, 'loved_one');

describe('The role of one who follows', () => {
  it('is what was said last', () =>
    labourScenario()
      .given(happened.registered, known)
      .when(setRole(2))
      .then(new SubscriberRecorded({ ...known, role: 'birth_partner', roleVersion: 2 })));

  it('is not what was said before', () =>
    labourScenario().given(happened.registered, known).when(setRole(1)).thenNothing());
});
