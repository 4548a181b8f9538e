import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Actor, Clock } from '#kernel';

import { DeleteTask } from '../contract/index.js';
import { TaskRepository } from './ports.js';

@CommandHandler(DeleteTask)
export class DeleteTaskHandler implements ICommandHandler<DeleteTask> {
  constructor(
    private readonly tasks: TaskRepository,
    private readonly actor: Actor,
    private readonly clock: Clock,
  ) {}

  async execute({ taskId, userId }: DeleteTask): Promise<void> {
    const task = await this.tasks.get(taskId);
    task.delete(userId, this.clock.now(), { asAdmin: this.actor.is('admin') });
    await this.tasks.save(task);
  }
}
