import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Clock } from '#kernel';

import { UpdateTask } from '../contract/index.js';
import { CategoryNotFound } from '../domain/errors.js';
import { CategoryLookup, TaskRepository } from './ports.js';

@CommandHandler(UpdateTask)
export class UpdateTaskHandler implements ICommandHandler<UpdateTask> {
  constructor(
    private readonly tasks: TaskRepository,
    private readonly categories: CategoryLookup,
    private readonly clock: Clock,
  ) {}

  async execute(command: UpdateTask): Promise<void> {
    const { taskId, userId, categoryId } = command;
    const task = await this.tasks.get(taskId);
    task.update(command, this.clock.now());
    if (categoryId && !(await this.categories.isUsable(categoryId, userId))) throw new CategoryNotFound(categoryId);
    await this.tasks.save(task);
  }
}
