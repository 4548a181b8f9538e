import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Clock } from '#kernel';

import { ReopenTask } from '../contract/index.js';
import { TaskRepository } from './ports.js';

@CommandHandler(ReopenTask)
export class ReopenTaskHandler implements ICommandHandler<ReopenTask> {
  constructor(
    private readonly tasks: TaskRepository,
    private readonly clock: Clock,
  ) {}

  async execute({ taskId, userId }: ReopenTask): Promise<void> {
    const task = await this.tasks.get(taskId);
    task.reopen(userId, this.clock.now());
    await this.tasks.save(task);
  }
}
