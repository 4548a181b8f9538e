import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Actor } from '#kernel';

import { ActivateAccount } from '../contract/index.js';
import { assertAdmin } from '../domain/asker.js';
import { askerOf } from './askers.js';
import { AccountRepository } from './ports.js';

@CommandHandler(ActivateAccount)
export class ActivateAccountHandler implements ICommandHandler<ActivateAccount> {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly actor: Actor,
  ) {}

  async execute({ userId }: ActivateAccount): Promise<void> {
    assertAdmin(askerOf(this.actor));
    const account = await this.accounts.get(userId);
    account.activate();
    await this.accounts.save(account);
  }
}
