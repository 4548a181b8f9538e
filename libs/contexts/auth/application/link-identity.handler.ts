import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { LinkIdentity } from '../contract/index.js';
import { AccountRepository } from './ports.js';

@CommandHandler(LinkIdentity)
export class LinkIdentityHandler implements ICommandHandler<LinkIdentity> {
  constructor(private readonly accounts: AccountRepository) {}

  async execute(command: LinkIdentity): Promise<void> {
    const account = await this.accounts.get(command.userId);
    account.link(command);
    await this.accounts.save(account);
  }
}
