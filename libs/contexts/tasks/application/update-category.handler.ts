import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Actor, Clock } from '#kernel';

import { UpdateCategory } from '../contract/index.js';
import { CategoryRepository } from './ports.js';

@CommandHandler(UpdateCategory)
export class UpdateCategoryHandler implements ICommandHandler<UpdateCategory> {
  constructor(
    private readonly categories: CategoryRepository,
    private readonly actor: Actor,
    private readonly clock: Clock,
  ) {}

  async execute(command: UpdateCategory): Promise<void> {
    const category = await this.categories.get(command.categoryId);
    category.update(command, this.clock.now(), { asAdmin: this.actor.is('admin') });
    await this.categories.save(category);
  }
}
