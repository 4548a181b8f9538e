import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Actor } from '#kernel';

import { CreateServiceClient } from '../contract/index.js';
import { assertAdmin } from '../domain/asker.js';
import { askerOf } from './askers.js';
import { ServiceClientRepository } from './ports.js';

@CommandHandler(CreateServiceClient)
export class CreateServiceClientHandler implements ICommandHandler<CreateServiceClient> {
  constructor(
    private readonly clients: ServiceClientRepository,
    private readonly actor: Actor,
  ) {}

  async execute(command: CreateServiceClient): Promise<void> {
    assertAdmin(askerOf(this.actor));
    const client = await this.clients.create(command.clientId);
    client.open(command);
    await this.clients.save(client);
  }
}
