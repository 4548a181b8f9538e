import { Body, Controller, Delete, Get, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { IntersectionType, PickType } from '@nestjs/mapped-types';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';

import type { Wire } from '#kernel';
import { Authenticated } from '#platform/auth/access-policy.js';
import type { AuthenticatedUser } from '#platform/auth/authenticated-user.js';
import { Commands } from '#platform/commands/commands.js';
import type { Paged } from '#platform/http/page.js';
import { notFound } from '#platform/http/problem.js';
import { Lists, Reads } from '#platform/http/reads.decorator.js';
import { Me, NewId, Sends } from '#platform/http/sends.decorator.js';
import { UuidPipe } from '#platform/http/uuid.pipe.js';

import {
  CancelTask,
  CompleteTask,
  CreateTask,
  DeleteTask,
  ReopenTask,
  StartTask,
  taskFigures,
  UpdateTask,
} from '../../contract/index.js';
import { TaskEventView, TaskSummary, TaskView } from '../../read-models/task-views.js';
import { TaskHistoryPage, TaskListPage, TaskMoment, TaskQueries } from '../../read-models/task.queries.js';
import { changes } from './changes.js';

const details = ['title', 'description', 'priority', 'categoryId', 'dueDate'] as const;

class NewTask extends PickType(CreateTask, details) {}
class TaskChanges extends PickType(UpdateTask, details) {}
class WholeTask extends IntersectionType(
  PickType(CreateTask, ['title']),
  PickType(UpdateTask, ['description', 'priority', 'categoryId', 'dueDate']),
) {}

/** A task becomes overdue without a new version. */
const overdue = (view: Wire<TaskView>): string | undefined => (view.is_overdue ? 'overdue' : undefined);
const task = { view: TaskView, queries: TaskQueries, phase: overdue };

@ApiTags('tasks')
@ApiBearerAuth()
@Authenticated()
@Controller('tasks')
export class TasksController {
  constructor(
    private readonly commands: Commands,
    private readonly tasks: TaskQueries,
  ) {}

  @Post()
  @Sends(CreateTask, { body: NewTask, reads: task, summary: 'Create a task' })
  create(@Body() body: NewTask, @Me() me: AuthenticatedUser, @NewId('taskId') taskId: string) {
    return this.commands.send(new CreateTask({ ...body, taskId, userId: me.id }));
  }

  @Patch(':task_id')
  @Sends(UpdateTask, { body: TaskChanges, reads: task, summary: 'Change a task: the fields that are given' })
  update(@Param('task_id', UuidPipe) taskId: string, @Body() body: TaskChanges, @Me() me: AuthenticatedUser) {
    return this.commands.send(new UpdateTask({ ...changes(body), taskId, userId: me.id }));
  }

  @Put(':task_id')
  @Sends(UpdateTask, {
    body: WholeTask,
    reads: task,
    summary: 'Change a whole task: what is left out goes back to its default',
  })
  replace(@Param('task_id', UuidPipe) taskId: string, @Body() body: WholeTask, @Me() me: AuthenticatedUser) {
    const defaults = { description: '', priority: 'medium', categoryId: null, dueDate: null } as const;
    return this.commands.send(new UpdateTask({ ...defaults, ...body, taskId, userId: me.id }));
  }

  @Delete(':task_id')
  @Sends(DeleteTask, { deletes: true, summary: 'Delete a task' })
  delete(@Param('task_id', UuidPipe) taskId: string, @Me() me: AuthenticatedUser) {
    return this.commands.send(new DeleteTask({ taskId, userId: me.id }));
  }

  @Post(':task_id/start')
  @Sends(StartTask, { reads: task, summary: 'Start a task that is pending' })
  start(@Param('task_id', UuidPipe) taskId: string, @Me() me: AuthenticatedUser) {
    return this.commands.send(new StartTask({ taskId, userId: me.id }));
  }

  @Post(':task_id/complete')
  @Sends(CompleteTask, { reads: task, summary: 'Complete a task that is pending or in progress' })
  complete(@Param('task_id', UuidPipe) taskId: string, @Me() me: AuthenticatedUser) {
    return this.commands.send(new CompleteTask({ taskId, userId: me.id }));
  }

  @Post(':task_id/cancel')
  @Sends(CancelTask, { reads: task, summary: 'Cancel a task that is pending or in progress' })
  cancel(@Param('task_id', UuidPipe) taskId: string, @Me() me: AuthenticatedUser) {
    return this.commands.send(new CancelTask({ taskId, userId: me.id }));
  }

  @Post(':task_id/reopen')
  @Sends(ReopenTask, { reads: task, summary: 'Reopen a task that is completed' })
  reopen(@Param('task_id', UuidPipe) taskId: string, @Me() me: AuthenticatedUser) {
    return this.commands.send(new ReopenTask({ taskId, userId: me.id }));
  }

  @Get()
  @Lists(TaskView, TaskListPage, {
    summary: 'Your tasks, newest first unless sorted otherwise',
    description:
      '`status` and `priority` may be repeated. What is due at `due_after` is included, at `due_before` excluded. `q` is ' +
      'a part of the title or the description, in capitals or not. With `user_id`, administrators list the tasks of others.',
  })
  list(@Query() page: TaskListPage, @Me() me: AuthenticatedUser): Promise<Paged<Wire<TaskView>>> {
    return this.tasks.list(page, me);
  }

  @Get('summary')
  @Reads(TaskSummary, {
    summary: 'How many tasks you have, by status and by priority',
    description: 'It follows the log, and may be a moment late: see `Consistency-Token`.',
    follows: [taskFigures],
  })
  summary(@Me() me: AuthenticatedUser): Promise<Wire<TaskSummary>> {
    return this.tasks.summary(me);
  }

  @Get(':task_id')
  @Reads(TaskView, {
    query: TaskMoment,
    phase: overdue,
    summary: 'One of your tasks, as it is or as it was',
    description: 'With `as_of`, the task as it was at that time, even if it has been deleted since.',
  })
  async byId(
    @Param('task_id', UuidPipe) taskId: string,
    @Query() { asOf }: TaskMoment,
    @Me() me: AuthenticatedUser,
  ): Promise<Wire<TaskView>> {
    const found = await (asOf === undefined ? this.tasks.byId(taskId, me) : this.tasks.asOf(taskId, asOf, me));
    if (!found) throw notFound('task_not_found', `there is no task ${taskId}${asOf ? ` as of ${asOf}` : ''}`);
    return found;
  }

  @Get(':task_id/history')
  @Lists(TaskEventView, TaskHistoryPage, { summary: 'What has happened to one of your tasks, deleted or not' })
  async history(
    @Param('task_id', UuidPipe) taskId: string,
    @Query() page: TaskHistoryPage,
    @Me() me: AuthenticatedUser,
  ): Promise<Paged<Wire<TaskEventView>>> {
    const events = await this.tasks.history(taskId, page, me);
    if (!events) throw notFound('task_not_found', `there is no task ${taskId}`);
    return events;
  }
}
