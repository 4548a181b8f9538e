import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Clock } from '#kernel';

import { VerificationTokenInvalid, VerifyEmail } from '../contract/index.js';
import { AccountRepository } from './ports.js';

@CommandHandler(VerifyEmail)
export class VerifyEmailHandler implements ICommandHandler<VerifyEmail> {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly clock: Clock,
  ) {}

  async execute(command: VerifyEmail): Promise<void> {
    const account = await this.accounts.find(command.userId);
    if (!account) throw new VerificationTokenInvalid();
    account.verifyEmail(command, this.clock.now());
    await this.accounts.save(account);
  }
}
