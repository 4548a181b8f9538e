import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Clock } from '#kernel';

import { ResetPassword, ResetTokenInvalid } from '../contract/index.js';
import { AccountRepository } from './ports.js';

@CommandHandler(ResetPassword)
export class ResetPasswordHandler implements ICommandHandler<ResetPassword> {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly clock: Clock,
  ) {}

  async execute(command: ResetPassword): Promise<void> {
    const account = await this.accounts.find(command.userId);
    if (!account) throw new ResetTokenInvalid();
    account.resetPassword(command, this.clock.now());
    await this.accounts.save(account);
  }
}
