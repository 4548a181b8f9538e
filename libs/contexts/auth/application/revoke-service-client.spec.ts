import { describe, it } from '@jest/globals';

import {
  AdminOnly,
  RevokeServiceClient,
  ServiceClientCreated,
  ServiceClientCredentialsSet,
  ServiceClientNotFound,
  ServiceClientRevoked,
} from '../contract/index.js';
import { admin, authScenario, now } from '../doubles/auth-scenario.js';
import { ServiceClientRow } from '../read-models/service-client.entity.js';

const clientId = '0196a1de-0000-7000-8000-0000000000d1';
const past = [
  new ServiceClientCreated({ clientId, name: 'Web shop', roles: ['service'] }),
  new ServiceClientCredentialsSet({ clientId, secretHash: 'a hash of a secret that nobody guesses' }),
];
const revoke = new RevokeServiceClient({ clientId });
const revoked = new ServiceClientRevoked({ clientId });
const byAdmin = () => authScenario().by(admin, 'user', 'admin');

describe('Revoking a service client', () => {
  it('tells so', () =>
    byAdmin()
      .given(...past)
      .when(revoke)
      .then(revoked));

  it('leaves nothing that would prove a secret', () =>
    byAdmin()
      .given(...past)
      .when(revoke)
      .thenRow(ServiceClientRow, clientId, { secretHash: null, revokedAt: new Date(now), version: 3 }));

  it('again changes nothing', () =>
    byAdmin()
      .given(...past, revoked)
      .when(revoke)
      .thenNothing());

  it('is rejected where there is none', () => byAdmin().when(revoke).thenRejected(ServiceClientNotFound));

  it('is for administrators, and tells nobody else what is there', async () => {
    await authScenario()
      .given(...past)
      .when(revoke)
      .thenRejected(AdminOnly);
    await authScenario().when(revoke).thenRejected(AdminOnly);
  });
});
