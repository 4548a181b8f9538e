import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Ctx, EventPattern, Payload, RmqContext } from '@nestjs/microservices';
import type { Channel, ConsumeMessage } from 'amqplib';

import { CreateTask, StartTask } from './tasks.js';

@Controller()
export class TaskCommandsController {
  constructor(private readonly commands: CommandBus) {}

  @EventPattern('create_task')
  create(@Payload() command: CreateTask, @Ctx() context: unknown): Promise<void> {
    return this.#run(command, context as RmqContext);
  }

  @EventPattern('start_task')
  start(@Payload() command: StartTask, @Ctx() context: unknown): Promise<void> {
    return this.#run(command, context as RmqContext);
  }

  async #run(command: CreateTask | StartTask, context: RmqContext): Promise<void> {
    await this.commands.execute(command);
    const channel = context.getChannelRef() as Channel;
    channel.ack(context.getMessage() as ConsumeMessage);
  }
}
