import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { RegisterExternalUser } from '../contract/index.js';
import { AccountRepository } from './ports.js';

@CommandHandler(RegisterExternalUser)
export class RegisterExternalUserHandler implements ICommandHandler<RegisterExternalUser> {
  constructor(private readonly accounts: AccountRepository) {}

  async execute(command: RegisterExternalUser): Promise<void> {
    const account = await this.accounts.create(command.userId);
    account.registerExternal(command);
    await this.accounts.save(account);
  }
}
