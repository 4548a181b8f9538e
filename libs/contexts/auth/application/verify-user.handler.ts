import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Actor, Clock } from '#kernel';

import { VerifyUser } from '../contract/index.js';
import { assertAdmin } from '../domain/asker.js';
import { askerOf } from './askers.js';
import { AccountRepository } from './ports.js';

@CommandHandler(VerifyUser)
export class VerifyUserHandler implements ICommandHandler<VerifyUser> {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly actor: Actor,
    private readonly clock: Clock,
  ) {}

  async execute({ userId }: VerifyUser): Promise<void> {
    assertAdmin(askerOf(this.actor));
    const account = await this.accounts.get(userId);
    account.verify(this.clock.now());
    await this.accounts.save(account);
  }
}
