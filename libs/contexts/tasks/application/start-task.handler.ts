import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Clock } from '#kernel';

import { StartTask } from '../contract/index.js';
import { TaskRepository } from './ports.js';

@CommandHandler(StartTask)
export class StartTaskHandler implements ICommandHandler<StartTask> {
  constructor(
    private readonly tasks: TaskRepository,
    private readonly clock: Clock,
  ) {}

  async execute({ taskId, userId }: StartTask): Promise<void> {
    const task = await this.tasks.get(taskId);
    task.start(userId, this.clock.now());
    await this.tasks.save(task);
  }
}
