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
    // The system deletes what is somebody's own together with the tasks in it, in whatever order.
    const inUse = !this.actor.is('system') && (await this.tasks.isAnyIn(categoryId));
    category.delete(userId, this.clock.now(), { asAdmin: this.actor.is('admin'), inUse });
    await this.categories.save(category);
  }
}
