import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';

import type { Wire } from '#kernel';

import { Roles } from '../auth/access-policy.js';
import type { Paged } from '../http/page.js';
import { Lists, Reads } from '../http/reads.decorator.js';
import { UuidPipe } from '../http/uuid.pipe.js';
import { done, operator } from './problems.js';
import { Acts, OptionalReason } from './requests.js';
import { WorkerActions } from './worker-actions.js';
import { WorkerPage, WorkerQueries, WorkerView } from './workers.queries.js';

@ApiTags('operations')
@ApiBearerAuth()
@Roles('admin')
@Controller('ops/workers')
export class WorkersController {
  constructor(
    private readonly queries: WorkerQueries,
    private readonly workers: WorkerActions,
  ) {}

  @Get()
  @Lists(WorkerView, WorkerPage, { summary: 'Worker processes, the oldest first' })
  list(@Query() page: WorkerPage): Promise<Paged<Wire<WorkerView>>> {
    return this.queries.list(page);
  }

  @Get(':id')
  @Reads(WorkerView, { summary: 'One worker process' })
  one(@Param('id', UuidPipe) id: string): Promise<Wire<WorkerView>> {
    return this.queries.byId(id);
  }

  @Post(':id/pause')
  @HttpCode(200)
  @Acts(
    OptionalReason,
    'Have a worker pause',
    'It ends what it runs, gives up all that it holds, and takes nothing until it is resumed. The others take over.',
    WorkerView,
  )
  pause(@Param('id', UuidPipe) id: string, @Body() { reason }: OptionalReason): Promise<Wire<WorkerView>> {
    return this.#ask(id, 'pause', reason);
  }

  @Post(':id/resume')
  @HttpCode(200)
  @Acts(OptionalReason, 'Have a worker go on', 'It takes its share again.', WorkerView)
  resume(@Param('id', UuidPipe) id: string, @Body() { reason }: OptionalReason): Promise<Wire<WorkerView>> {
    return this.#ask(id, 'resume', reason);
  }

  @Post(':id/drain')
  @HttpCode(200)
  @Acts(
    OptionalReason,
    'Have a worker give up all that it holds, for its end',
    'Like a pause; its state says `drained` once it holds nothing and can be stopped.',
    WorkerView,
  )
  drain(@Param('id', UuidPipe) id: string, @Body() { reason }: OptionalReason): Promise<Wire<WorkerView>> {
    return this.#ask(id, 'drain', reason);
  }

  async #ask(id: string, action: 'pause' | 'resume' | 'drain', reason?: string): Promise<Wire<WorkerView>> {
    await done(`worker ${id}`, this.workers.ask(id, action, operator(reason)));
    return this.queries.byId(id);
  }
}
