import { describe, it } from '@jest/globals';

import { AlreadyExists } from '#kernel';

import {
  AdminOnly,
  CreateServiceClient,
  ServiceClientCreated,
  ServiceClientCredentialsSet,
} from '../contract/index.js';
import { admin, authScenario, now } from '../doubles/auth-scenario.js';
import { ServiceClientRow } from '../read-models/service-client.entity.js';

const clientId = '0196a1de-0000-7000-8000-0000000000d1';
const secretHash = 'a hash of a secret that nobody guesses';
const create = new CreateServiceClient({ clientId, name: 'Web shop', secretHash });
const created = new ServiceClientCreated({ clientId, name: 'Web shop', roles: ['service'] });
const credentialsSet = new ServiceClientCredentialsSet({ clientId, secretHash });
const byAdmin = () => authScenario().by(admin, 'user', 'admin');

describe('Creating a service client', () => {
  it('tells its name and roles, and keeps what proves the secret to itself', () =>
    byAdmin().when(create).then(created, credentialsSet));

  it('gives it the roles that are said', () =>
    byAdmin()
      .when(new CreateServiceClient({ ...create, roles: ['service', 'analyst'] }))
      .then(new ServiceClientCreated({ ...created, roles: ['service', 'analyst'] }), credentialsSet));

  it('lets it be used at once', () =>
    byAdmin()
      .when(create)
      .thenRow(ServiceClientRow, clientId, {
        name: 'Web shop',
        roles: ['service'],
        secretHash,
        createdAt: new Date(now),
        revokedAt: null,
        version: 2,
      }));

  it('happens once under an id', () =>
    byAdmin().given(created, credentialsSet).when(create).thenRejected(AlreadyExists));

  it('is for administrators', () => authScenario().when(create).thenRejected(AdminOnly));
});
