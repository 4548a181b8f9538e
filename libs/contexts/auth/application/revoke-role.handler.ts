import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Actor } from '#kernel';

import { RevokeRole } from '../contract/index.js';
import { assertAdmin } from '../domain/asker.js';
import { askerOf } from './askers.js';
import { RoleGrantsRepository } from './ports.js';

@CommandHandler(RevokeRole)
export class RevokeRoleHandler implements ICommandHandler<RevokeRole> {
  constructor(
    private readonly roles: RoleGrantsRepository,
    private readonly actor: Actor,
  ) {}

  async execute(command: RevokeRole): Promise<void> {
    if (!this.actor.is('system')) assertAdmin(askerOf(this.actor));
    const roles = await this.roles.get(command.rolesId);
    roles.revoke(command);
    await this.roles.save(roles);
  }
}
