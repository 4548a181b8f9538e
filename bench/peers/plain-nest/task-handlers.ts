import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DataSource, type EntityManager } from 'typeorm';

import { InboxMessage, OutboxMessage, Task } from './task.entity.js';
import { CreateTask, StartTask } from './tasks.js';

/** Inbox row, entity and outbox row in one transaction. A copy of a command meets the inbox row of the first. */
@CommandHandler(CreateTask)
export class CreateTaskHandler implements ICommandHandler<CreateTask> {
  constructor(private readonly dataSource: DataSource) {}

  execute(command: CreateTask): Promise<void> {
    const { commandId, taskId, userId, title, description = '', priority = 'medium' } = command;
    const task = { id: taskId, userId, title, description, priority, status: 'pending' };
    return this.dataSource.transaction(async (manager) => {
      if (!(await first(manager, commandId, 'create_task', command))) return;
      await manager.insert(Task, task);
      await manager.insert(OutboxMessage, { type: 'task_created', subject: taskId, payload: task });
    });
  }
}

/** Read, decide, write. */
@CommandHandler(StartTask)
export class StartTaskHandler implements ICommandHandler<StartTask> {
  constructor(private readonly dataSource: DataSource) {}

  execute(command: StartTask): Promise<void> {
    const { commandId, taskId, userId } = command;
    return this.dataSource.transaction(async (manager) => {
      if (!(await first(manager, commandId, 'start_task', command))) return;
      const task = await manager.findOne(Task, { where: { id: taskId }, lock: { mode: 'pessimistic_write' } });
      if (!task || task.userId !== userId || task.status !== 'pending') return;
      await manager.update(Task, { id: taskId }, { status: 'in_progress' });
      const payload = { ...task, status: 'in_progress' };
      await manager.insert(OutboxMessage, { type: 'task_started', subject: taskId, payload });
    });
  }
}

async function first(manager: EntityManager, id: string, type: string, payload: object): Promise<boolean> {
  const { raw } = await manager
    .createQueryBuilder()
    .insert()
    .into(InboxMessage)
    .values({ id, type, payload })
    .orIgnore()
    .execute();
  return (raw as unknown[]).length > 0;
}
