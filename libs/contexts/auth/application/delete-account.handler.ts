import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Actor, Clock } from '#kernel';

import { DeleteAccount } from '../contract/index.js';
import { askerOf, standingOf } from './askers.js';
import { AccountRepository, EmailHashes, ObjectionLookup, RoleLookup } from './ports.js';

@CommandHandler(DeleteAccount)
export class DeleteAccountHandler implements ICommandHandler<DeleteAccount> {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly roles: RoleLookup,
    private readonly hashes: EmailHashes,
    private readonly objections: ObjectionLookup,
    private readonly actor: Actor,
    private readonly clock: Clock,
  ) {}

  async execute({ userId }: DeleteAccount): Promise<void> {
    const account = await this.accounts.get(userId);
    const standing = await standingOf(userId, this.roles);
    account.delete(askerOf(this.actor), this.clock.now(), standing, (email) => this.hashes.of(email));
    const objection = await this.objections.against(userId);
    if (objection) throw objection;
    await this.accounts.save(account);
  }
}
