import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { CreateProfile } from '../contract/index.js';
import { UserRepository } from './ports.js';

@CommandHandler(CreateProfile)
export class CreateProfileHandler implements ICommandHandler<CreateProfile> {
  constructor(private readonly users: UserRepository) {}

  async execute(command: CreateProfile): Promise<void> {
    if (await this.users.find(command.userId)) return;
    const user = await this.users.create(command.userId);
    user.open(command);
    await this.users.save(user);
  }
}
