import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { RequestPasswordReset } from '../contract/index.js';
import { AccountRepository } from './ports.js';

@CommandHandler(RequestPasswordReset)
export class RequestPasswordResetHandler implements ICommandHandler<RequestPasswordReset> {
  constructor(private readonly accounts: AccountRepository) {}

  async execute(command: RequestPasswordReset): Promise<void> {
    const account = await this.accounts.get(command.userId);
    account.requestPasswordReset(command);
    await this.accounts.save(account);
  }
}
