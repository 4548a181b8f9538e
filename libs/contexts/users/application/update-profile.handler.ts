import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Actor } from '#kernel';

import { UpdateProfile } from '../contract/index.js';
import { UserRepository } from './ports.js';

@CommandHandler(UpdateProfile)
export class UpdateProfileHandler implements ICommandHandler<UpdateProfile> {
  constructor(
    private readonly users: UserRepository,
    private readonly actor: Actor,
  ) {}

  async execute(command: UpdateProfile): Promise<void> {
    const user = await this.users.get(command.userId);
    user.update(command, { id: this.actor.id, asAdmin: this.actor.is('admin') });
    await this.users.save(user);
  }
}
