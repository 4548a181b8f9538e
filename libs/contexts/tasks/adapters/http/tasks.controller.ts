import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { PickType } from '@nestjs/mapped-types';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';

import type { AuthenticatedUser } from '#platform/auth/authenticated-user.js';
import { Commands, type Accepted } from '#platform/commands/commands.js';
import type { Paged } from '#platform/http/page.js';
import { Problem } from '#platform/http/problem.js';
import { Me, NewId, Sends } from '#platform/http/sends.decorator.js';
import { UuidPipe } from '#platform/http/uuid.pipe.js';

import { CompleteTask, CreateTask, StartTask } from '../../contract/index.js';
import { TaskListPage, TaskListQueries, type TaskView } from '../../read-models/task-list.queries.js';

class NewTask extends PickType(CreateTask, ['title', 'description', 'priority', 'dueDate']) {}

@ApiTags('tasks')
@ApiBearerAuth()
@Controller('tasks')
export class TasksController {
  constructor(
    private readonly commands: Commands,
    private readonly tasks: TaskListQueries,
  ) {}

  @Post()
  @Sends(CreateTask, { body: NewTask })
  @ApiOperation({ summary: 'Create a task' })
  create(@Body() body: NewTask, @Me() me: AuthenticatedUser, @NewId('taskId') taskId: string): Promise<Accepted> {
    return this.commands.send(new CreateTask({ ...body, taskId, userId: me.id }));
  }

  @Post(':task_id/start')
  @Sends(StartTask)
  @ApiOperation({ summary: 'Start a task that is pending' })
  start(@Param('task_id', UuidPipe) taskId: string, @Me() me: AuthenticatedUser): Promise<Accepted> {
    return this.commands.send(new StartTask({ taskId, userId: me.id }));
  }

  @Post(':task_id/complete')
  @Sends(CompleteTask)
  @ApiOperation({ summary: 'Complete a task that is pending or in progress' })
  complete(@Param('task_id', UuidPipe) taskId: string, @Me() me: AuthenticatedUser): Promise<Accepted> {
    return this.commands.send(new CompleteTask({ taskId, userId: me.id }));
  }

  @Get()
  @ApiOperation({ summary: 'Your tasks, newest first' })
  list(@Query() page: TaskListPage, @Me() me: AuthenticatedUser): Promise<Paged<TaskView>> {
    return this.tasks.ownedBy(me.id, page);
  }

  @Get(':task_id')
  @ApiOperation({ summary: 'One of your tasks' })
  async byId(@Param('task_id', UuidPipe) taskId: string, @Me() me: AuthenticatedUser): Promise<TaskView> {
    const task = await this.tasks.byId(taskId, me.id);
    if (!task) throw new Problem({ code: 'NOT_FOUND', reason: 'task_not_found', detail: `there is no task ${taskId}` });
    return task;
  }
}
