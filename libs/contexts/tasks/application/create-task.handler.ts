import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Clock } from '#kernel';

import { CreateTask } from '../contract/index.js';
import { CategoryNotFound } from '../domain/errors.js';
import { CategoryLookup, TaskRepository } from './ports.js';

@CommandHandler(CreateTask)
export class CreateTaskHandler implements ICommandHandler<CreateTask> {
  constructor(
    private readonly tasks: TaskRepository,
    private readonly categories: CategoryLookup,
    private readonly clock: Clock,
  ) {}

  async execute(command: CreateTask): Promise<void> {
    const { taskId, userId, categoryId } = command;
    const task = await this.tasks.create(taskId);
    task.open(command, this.clock.now());
    if (categoryId && !(await this.categories.isUsable(categoryId, userId))) throw new CategoryNotFound(categoryId);
    await this.tasks.save(task);
  }
}
