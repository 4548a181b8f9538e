import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { RegisterUser } from '../contract/index.js';
import { AccountRepository } from './ports.js';

@CommandHandler(RegisterUser)
export class RegisterUserHandler implements ICommandHandler<RegisterUser> {
  constructor(private readonly accounts: AccountRepository) {}

  async execute(command: RegisterUser): Promise<void> {
    const account = await this.accounts.create(command.userId);
    account.register(command);
    await this.accounts.save(account);
  }
}
