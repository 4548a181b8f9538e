import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Actor } from '#kernel';

import { RequestEmailVerification } from '../contract/index.js';
import { askerOf } from './askers.js';
import { AccountRepository } from './ports.js';

@CommandHandler(RequestEmailVerification)
export class RequestEmailVerificationHandler implements ICommandHandler<RequestEmailVerification> {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly actor: Actor,
  ) {}

  async execute(command: RequestEmailVerification): Promise<void> {
    const account = await this.accounts.get(command.userId);
    account.requestVerification(command, askerOf(this.actor));
    await this.accounts.save(account);
  }
}
