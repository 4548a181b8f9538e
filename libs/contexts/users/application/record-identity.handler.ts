import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { RecordIdentity } from '../contract/index.js';
import { UserRepository } from './ports.js';

@CommandHandler(RecordIdentity)
export class RecordIdentityHandler implements ICommandHandler<RecordIdentity> {
  constructor(private readonly users: UserRepository) {}

  async execute(command: RecordIdentity): Promise<void> {
    const user = await this.users.get(command.userId);
    user.identify(command);
    await this.users.save(user);
  }
}
