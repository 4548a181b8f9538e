import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Clock } from '#kernel';

import { CancelTask } from '../contract/index.js';
import { TaskRepository } from './ports.js';

@CommandHandler(CancelTask)
export class CancelTaskHandler implements ICommandHandler<CancelTask> {
  constructor(
    private readonly tasks: TaskRepository,
    private readonly clock: Clock,
  ) {}

  async execute({ taskId, userId }: CancelTask): Promise<void> {
    const task = await this.tasks.get(taskId);
    task.cancel(userId, this.clock.now());
    await this.tasks.save(task);
  }
}
