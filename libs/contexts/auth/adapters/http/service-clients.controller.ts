import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { PickType } from '@nestjs/mapped-types';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';

import type { Wire } from '#kernel';
import { Roles } from '#platform/auth/access-policy.js';
import { Commands } from '#platform/commands/commands.js';
import type { Paged } from '#platform/http/page.js';
import { Lists, Reads } from '#platform/http/reads.decorator.js';
import { requestScope, type RequestedCommand } from '#platform/http/request-scope.js';
import { NewId, Sends } from '#platform/http/sends.decorator.js';
import { UuidPipe } from '#platform/http/uuid.pipe.js';

import { CreateServiceClient, RevokeServiceClient, ServiceClientNotFound } from '../../contract/index.js';
import { IssuedServiceClient, ServiceClientView } from '../../read-models/service-client-views.js';
import { ServiceClientListPage, ServiceClientQueries } from '../../read-models/service-client.queries.js';
import { IssuedServiceClients } from '../service-clients/issued-service-clients.js';
import { hashOfSecret, ServiceClientSecrets } from '../service-clients/service-client-secrets.js';

class NewServiceClient extends PickType(CreateServiceClient, ['name', 'roles'] as const) {}

/** Seconds: the answer is the only place where the secret is shown. */
const patience = 10;

@ApiTags('service-clients')
@ApiBearerAuth()
@Roles('admin')
@Controller('auth/service-clients')
export class ServiceClientsController {
  constructor(
    private readonly commands: Commands,
    private readonly clients: ServiceClientQueries,
    private readonly secrets: ServiceClientSecrets,
  ) {}

  @Post()
  @Sends(CreateServiceClient, {
    body: NewServiceClient,
    reads: { view: IssuedServiceClient, queries: IssuedServiceClients },
    waits: patience,
    summary: 'Create a service client',
    description:
      'A program that signs in by itself: `POST /auth/token` with `grant_type=client_credentials`. Its secret is shown in ' +
      'this answer only. Send an `Idempotency-Key`: the request repeated under it is shown the same secret.',
  })
  create(@Body() body: NewServiceClient, @NewId('clientId') clientId: string) {
    const { id } = requestScope().command as RequestedCommand;
    const secretHash = hashOfSecret(this.secrets.issue(id));
    return this.commands.send(new CreateServiceClient({ ...body, clientId, secretHash }));
  }

  @Delete(':client_id')
  @Sends(RevokeServiceClient, {
    deletes: true,
    summary: 'Revoke a service client',
    description: 'It gets no more tokens, and those that it has are refused within seconds.',
  })
  revoke(@Param('client_id', UuidPipe) clientId: string) {
    return this.commands.send(new RevokeServiceClient({ clientId }));
  }

  @Get()
  @Lists(ServiceClientView, ServiceClientListPage, { summary: 'All service clients, by name' })
  list(@Query() page: ServiceClientListPage): Promise<Paged<Wire<ServiceClientView>>> {
    return this.clients.list(page);
  }

  @Get(':client_id')
  @Reads(ServiceClientView, { summary: 'One service client' })
  async one(@Param('client_id', UuidPipe) clientId: string): Promise<Wire<ServiceClientView>> {
    const client = await this.clients.byId(clientId);
    if (!client) throw new ServiceClientNotFound(clientId);
    return client;
  }
}
