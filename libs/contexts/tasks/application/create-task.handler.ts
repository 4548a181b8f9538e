import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Clock } from '#kernel';

import { CreateTask } from '../contract/index.js';
import { TaskRepository } from './ports.js';

@CommandHandler(CreateTask)
export class CreateTaskHandler implements ICommandHandler<CreateTask> {
  constructor(
    private readonly tasks: TaskRepository,
    private readonly clock: Clock,
  ) {}

  async execute(command: CreateTask): Promise<void> {
    const task = await this.tasks.create(command.taskId);
    task.open(command, this.clock.now());
    await this.tasks.save(task);
  }
}
