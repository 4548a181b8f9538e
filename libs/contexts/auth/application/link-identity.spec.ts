import { describe, it } from '@jest/globals';

import { EmailTaken, LinkIdentity, UserNotFound } from '../contract/index.js';
import { authScenario, happened, userId } from '../doubles/auth-scenario.js';
import { AccountRow } from '../read-models/account.entity.js';

const link = new LinkIdentity({ userId, provider: 'google', subject: '1082' });

describe('Joining an account to an identity', () => {
  it('tells so to this context alone', () =>
    authScenario().given(happened.registered, happened.verified).when(link).then(happened.identityLinked));

  it('lets the account be found by it', () =>
    authScenario()
      .given(happened.registered, happened.verified)
      .when(link)
      .thenRow(AccountRow, userId, { externalIdentities: ['google:1082'], version: 3 }));

  it('again changes nothing', () =>
    authScenario().given(happened.registered, happened.verified, happened.identityLinked).when(link).thenNothing());

  it('is rejected while the account has not proven its own e-mail address', () =>
    authScenario().given(happened.registered).when(link).thenRejected(EmailTaken));

  it('is rejected for an account that is not there, or not active', async () => {
    await authScenario().when(link).thenRejected(UserNotFound);
    await authScenario()
      .given(happened.registered, happened.verified, happened.deactivated)
      .when(link)
      .thenRejected(UserNotFound);
  });
});
