import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';

import { ReadDatabase } from '#platform/database/read-database.js';

import { hasHash, hashOfSecret } from './service-client-secrets.js';

/** A program that has shown who it is. */
export interface ServiceClient {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
}

const byId = {
  name: 'auth_service_client_credentials',
  text: 'select id, name, roles, secret_hash from auth.service_clients where id = $1 and revoked_at is null',
};

const nobody = { id: '00000000-0000-0000-0000-000000000000', hash: hashOfSecret('nobody') };

/** Tells which program sends its id and its secret. */
@Injectable()
export class ServiceClients {
  constructor(private readonly db: ReadDatabase) {}

  /**
   * Takes as long for an unknown id as for a wrong secret.
   * @returns undefined for both, and for a client that was revoked
   */
  async authenticate(clientId: string, secret: string): Promise<ServiceClient | undefined> {
    const id = isUUID(clientId) ? clientId.toLowerCase() : nobody.id;
    const [client] = await this.db.query<ServiceClient & { secret_hash: string }>(byId, [id]);
    const right = hasHash(secret, client?.secret_hash ?? nobody.hash);
    return client && right ? { id: client.id, name: client.name, roles: client.roles } : undefined;
  }
}
