import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Actor } from '#kernel';

import { UpdateAccount } from '../contract/index.js';
import { askerOf } from './askers.js';
import { AccountRepository } from './ports.js';

@CommandHandler(UpdateAccount)
export class UpdateAccountHandler implements ICommandHandler<UpdateAccount> {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly actor: Actor,
  ) {}

  async execute(command: UpdateAccount): Promise<void> {
    const account = await this.accounts.get(command.userId);
    account.update(command, askerOf(this.actor));
    await this.accounts.save(account);
  }
}
