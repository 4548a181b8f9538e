import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Actor } from '#kernel';

import { RevokeServiceClient } from '../contract/index.js';
import { assertAdmin } from '../domain/asker.js';
import { askerOf } from './askers.js';
import { ServiceClientRepository } from './ports.js';

@CommandHandler(RevokeServiceClient)
export class RevokeServiceClientHandler implements ICommandHandler<RevokeServiceClient> {
  constructor(
    private readonly clients: ServiceClientRepository,
    private readonly actor: Actor,
  ) {}

  async execute({ clientId }: RevokeServiceClient): Promise<void> {
    assertAdmin(askerOf(this.actor));
    const client = await this.clients.get(clientId);
    client.revoke();
    await this.clients.save(client);
  }
}
