import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Actor } from '#kernel';

import { ChangePassword } from '../contract/index.js';
import { askerOf } from './askers.js';
import { AccountRepository } from './ports.js';

@CommandHandler(ChangePassword)
export class ChangePasswordHandler implements ICommandHandler<ChangePassword> {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly actor: Actor,
  ) {}

  async execute(command: ChangePassword): Promise<void> {
    const account = await this.accounts.get(command.userId);
    account.changePassword(command, askerOf(this.actor));
    await this.accounts.save(account);
  }
}
