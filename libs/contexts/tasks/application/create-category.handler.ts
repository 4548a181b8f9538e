import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Actor } from '#kernel';

import { CreateCategory } from '../contract/index.js';
import { CategoryRepository } from './ports.js';

@CommandHandler(CreateCategory)
export class CreateCategoryHandler implements ICommandHandler<CreateCategory> {
  constructor(
    private readonly categories: CategoryRepository,
    private readonly actor: Actor,
  ) {}

  async execute(command: CreateCategory): Promise<void> {
    const category = await this.categories.create(command.categoryId);
    category.open(command, { asAdmin: this.actor.is('admin') });
    await this.categories.save(category);
  }
}
