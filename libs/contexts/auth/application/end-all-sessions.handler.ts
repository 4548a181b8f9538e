import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Actor } from '#kernel';

import { EndAllSessions } from '../contract/index.js';
import { askerOf } from './askers.js';
import { AccountRepository } from './ports.js';

@CommandHandler(EndAllSessions)
export class EndAllSessionsHandler implements ICommandHandler<EndAllSessions> {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly actor: Actor,
  ) {}

  async execute({ userId }: EndAllSessions): Promise<void> {
    const account = await this.accounts.get(userId);
    account.endAllSessions(askerOf(this.actor));
    await this.accounts.save(account);
  }
}
