import { Injectable } from '@nestjs/common';
import { IsIn } from 'class-validator';

import { Example, Optional, type Wire } from '#kernel';
import { ReadDatabase } from '#platform/database/read-database.js';
import { Cursors } from '#platform/http/cursors.js';
import { keyset, sortsOf } from '#platform/http/keyset.js';
import { Page, type Paged } from '#platform/http/page.js';
import type { ResourceQueries } from '#platform/http/resource.js';

import type { ServiceClientView } from './service-client-views.js';

const serviceClients = keyset({
  name: 'auth.service_clients',
  sorts: {
    name: { expression: 'lower(name)', type: 'text' },
    created_at: { expression: 'created_at', type: 'timestamptz' },
  },
  default: 'name',
});

export class ServiceClientListPage extends Page {
  @Optional() @IsIn(sortsOf(serviceClients)) @Example('name') readonly sort?: string;
}

const columns = 'id, version, name, roles, created_at';

const byId = {
  name: 'auth_service_client_by_id',
  text: `select ${columns} from auth.service_clients where id = $1 and revoked_at is null`,
};

/** Service clients that are not revoked, for administrators: their routes let in nobody else. */
@Injectable()
export class ServiceClientQueries implements ResourceQueries<Wire<ServiceClientView>> {
  constructor(
    private readonly db: ReadDatabase,
    private readonly cursors: Cursors,
  ) {}

  async byId(id: string): Promise<Wire<ServiceClientView> | undefined> {
    const [client] = await this.db.query<Wire<ServiceClientView>>(byId, [id]);
    return client;
  }

  list(page: ServiceClientListPage): Promise<Paged<Wire<ServiceClientView>>> {
    return serviceClients.page<Wire<ServiceClientView>>(this.db, this.cursors, {
      columns,
      from: 'auth.service_clients',
      where: ['revoked_at is null'],
      values: [],
      query: page,
    });
  }
}
