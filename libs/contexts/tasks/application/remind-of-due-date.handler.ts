import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { RemindOfDueDate } from '../contract/index.js';
import { TaskRepository } from './ports.js';

@CommandHandler(RemindOfDueDate)
export class RemindOfDueDateHandler implements ICommandHandler<RemindOfDueDate> {
  constructor(private readonly tasks: TaskRepository) {}

  async execute(command: RemindOfDueDate): Promise<void> {
    const task = await this.tasks.find(command.taskId);
    if (!task) return;
    task.remind(command);
    await this.tasks.save(task);
  }
}
