import { fold, on, projection } from '#kernel';

import { ServiceClientCreated, ServiceClientCredentialsSet, ServiceClientRevoked } from '../contract/index.js';
import { ServiceClientRow } from './service-client.entity.js';

export const serviceClients = projection('auth.service_clients', ServiceClientRow, {
  inline: true,
  fold: fold(
    on(ServiceClientCreated, (_, { clientId, name, roles }, { occurredAt }) => ({
      id: clientId,
      name,
      roles,
      secretHash: null,
      createdAt: occurredAt,
      revokedAt: null,
    })),
    on(ServiceClientCredentialsSet, (client, { secretHash }) => ({ ...client, secretHash })),
    on(ServiceClientRevoked, (client, _, { occurredAt }) => ({ ...client, secretHash: null, revokedAt: occurredAt })),
  ),
});
