import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Actor, Clock } from '#kernel';

import { DeleteCategory } from '../contract/index.js';
import { CategoryRepository, TaskLookup } from './ports.js';

@CommandHandler(DeleteCategory)
export class DeleteCategoryHandler implements ICommandHandler<DeleteCategory> {
  constructor(
    private readonly categories: CategoryRepository,
    private readonly tasks: TaskLookup,
    private readonly actor: Actor,
    private readonly clock: Clock,
  ) {}

  async execute({ categoryId, userId }: DeleteCategory): Promise<void> {
    const category = await this.categories.get(categoryId);
    const inUse = await this.tasks.isAnyIn(categoryId);
    category.delete(userId, this.clock.now(), { asAdmin: this.actor.is('admin'), inUse });
    await this.categories.save(category);
  }
}
