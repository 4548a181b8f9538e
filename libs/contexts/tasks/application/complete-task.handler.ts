import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Clock } from '#kernel';

import { CompleteTask } from '../contract/index.js';
import { TaskRepository } from './ports.js';

@CommandHandler(CompleteTask)
export class CompleteTaskHandler implements ICommandHandler<CompleteTask> {
  constructor(
    private readonly tasks: TaskRepository,
    private readonly clock: Clock,
  ) {}

  async execute({ taskId, userId }: CompleteTask): Promise<void> {
    const task = await this.tasks.get(taskId);
    task.complete(userId, this.clock.now());
    await this.tasks.save(task);
  }
}
