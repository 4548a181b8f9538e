import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Actor } from '#kernel';

import { DeactivateAccount } from '../contract/index.js';
import { askerOf, standingOf } from './askers.js';
import { AccountRepository, RoleLookup } from './ports.js';

@CommandHandler(DeactivateAccount)
export class DeactivateAccountHandler implements ICommandHandler<DeactivateAccount> {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly roles: RoleLookup,
    private readonly actor: Actor,
  ) {}

  async execute({ userId }: DeactivateAccount): Promise<void> {
    const account = await this.accounts.get(userId);
    account.deactivate(askerOf(this.actor), await standingOf(userId, this.roles));
    await this.accounts.save(account);
  }
}
