import { randomUUID } from 'node:crypto';

import { Body, Controller, HttpCode, Inject, Post, Req, UseGuards } from '@nestjs/common';
import { ClientProxy } from '@nestjs/microservices';
import { AuthGuard } from '@nestjs/passport';
import { lastValueFrom } from 'rxjs';

import { NewTask, type CreateTask } from './tasks.js';

interface Authenticated {
  readonly user: { readonly id: string };
}

/** `emit` over RMQ resolves with the broker's confirm: amqp-connection-manager opens a confirm channel. */
@Controller('api/v1/tasks')
export class TasksController {
  constructor(@Inject('COMMANDS') private readonly commands: ClientProxy) {}

  @Post()
  @HttpCode(202)
  @UseGuards(AuthGuard('jwt'))
  async create(@Body() body: NewTask, @Req() { user }: Authenticated) {
    const command: CreateTask = { commandId: randomUUID(), taskId: randomUUID(), userId: user.id, ...body };
    await lastValueFrom(this.commands.emit('create_task', command), { defaultValue: undefined });
    return { command_id: command.commandId, status: 'accepted', resource_id: command.taskId };
  }
}
