import { Injectable } from '@nestjs/common';

import type { Wire } from '#kernel';
import { ReadDatabase } from '#platform/database/read-database.js';
import { requestScope } from '#platform/http/request-scope.js';
import type { ResourceQueries } from '#platform/http/resource.js';

import type { IssuedServiceClient } from '../../read-models/service-client-views.js';
import { ServiceClientSecrets } from './service-client-secrets.js';

type Row = Omit<Wire<IssuedServiceClient>, 'client_id' | 'client_secret'> & { readonly secret_hash: string };

const byId = {
  name: 'auth_issued_service_client',
  text: `
    select id, version, name, roles, created_at, secret_hash
    from auth.service_clients where id = $1 and revoked_at is null`,
};

/** Shows a new service client, with its secret, in the answer to the command that made it. */
@Injectable()
export class IssuedServiceClients implements ResourceQueries<Wire<IssuedServiceClient>> {
  constructor(
    private readonly db: ReadDatabase,
    private readonly secrets: ServiceClientSecrets,
  ) {}

  async byId(id: string): Promise<Wire<IssuedServiceClient> | undefined> {
    const { command } = requestScope();
    const [row] = await this.db.query<Row>(byId, [id]);
    if (!row || !command) return undefined;
    const { secret_hash: secretHash, ...client } = row;
    const secret = this.secrets.issued(command.id, secretHash);
    return secret === undefined ? undefined : { ...client, client_id: id, client_secret: secret };
  }
}
