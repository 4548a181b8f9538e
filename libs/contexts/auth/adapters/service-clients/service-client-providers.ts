import type { Provider } from '@nestjs/common';

import { ApiSettings } from '#platform/config/settings.js';

import { ServiceClientQueries } from '../../read-models/service-client.queries.js';
import { IssuedServiceClients } from './issued-service-clients.js';
import { ServiceClientSecrets } from './service-client-secrets.js';
import { ServiceClients } from './service-clients.js';

/** What the API needs to make service clients and to let them in. */
export const serviceClientProviders: readonly Provider[] = [
  ServiceClientQueries,
  IssuedServiceClients,
  ServiceClients,
  {
    provide: ServiceClientSecrets,
    inject: [ApiSettings],
    useFactory: ({ encryptionKeys }: ApiSettings) => new ServiceClientSecrets(encryptionKeys),
  },
];
