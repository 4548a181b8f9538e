import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Actor } from '#kernel';

import { GrantRole, UserNotFound } from '../contract/index.js';
import { assertAdmin } from '../domain/asker.js';
import { askerOf } from './askers.js';
import { AccountLookup, RoleGrantsRepository } from './ports.js';

@CommandHandler(GrantRole)
export class GrantRoleHandler implements ICommandHandler<GrantRole> {
  constructor(
    private readonly roles: RoleGrantsRepository,
    private readonly accounts: AccountLookup,
    private readonly actor: Actor,
  ) {}

  async execute(command: GrantRole): Promise<void> {
    assertAdmin(askerOf(this.actor));
    // Its own commands may name an account whose registration has not been run yet.
    const known = this.actor.id === 'system' || (await this.accounts.isActive(command.userId));
    if (!known) throw new UserNotFound(command.userId);
    const roles = (await this.roles.find(command.rolesId)) ?? (await this.roles.create(command.rolesId));
    roles.grant(command);
    await this.roles.save(roles);
  }
}
