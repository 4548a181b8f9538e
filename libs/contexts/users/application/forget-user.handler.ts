import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { ForgetUser } from '../contract/index.js';
import { UserRepository } from './ports.js';

@CommandHandler(ForgetUser)
export class ForgetUserHandler implements ICommandHandler<ForgetUser> {
  constructor(private readonly users: UserRepository) {}

  async execute({ userId }: ForgetUser): Promise<void> {
    const user = await this.users.find(userId);
    if (!user) return;
    user.forget();
    await this.users.save(user);
  }
}
