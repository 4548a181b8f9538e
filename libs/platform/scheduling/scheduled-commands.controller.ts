import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';

import { derivedId, IsTime, timeOf, type Wire } from '#kernel';

import { Roles } from '../auth/access-policy.js';
import { statusPath } from '../commands/commands.js';
import { AnswersProblems, headers } from '../http/answers.js';
import type { Paged } from '../http/page.js';
import { notFound, Problem } from '../http/problem.js';
import { Lists } from '../http/reads.decorator.js';
import { schemaRef, wireRef } from '../http/schemas.js';
import { UuidPipe } from '../http/uuid.pipe.js';
import { done, operator } from '../operations/problems.js';
import { Acts, OptionalReason } from '../operations/requests.js';
import { ScheduledCommands, type Cancelled } from './scheduled-commands.js';
import { ScheduledCommandPage, ScheduledCommandQueries, ScheduledCommandView } from './scheduled-commands.queries.js';

/** To when, and why, where an operator may say so. */
class NewTime extends OptionalReason {
  @IsTime() readonly dueAt!: string;
}

const movedSchema = schemaRef('MovedCommand', {
  type: 'object',
  additionalProperties: false,
  required: ['command_id', 'links'],
  properties: {
    command_id: { type: 'string', format: 'uuid' },
    links: {
      type: 'object',
      additionalProperties: false,
      required: ['self'],
      properties: { self: { type: 'string' } },
    },
  },
});

@ApiTags('operations')
@ApiBearerAuth()
@Roles('admin')
@Controller('ops/scheduled-commands')
export class ScheduledCommandsController {
  constructor(
    private readonly queries: ScheduledCommandQueries,
    private readonly scheduled: ScheduledCommands,
  ) {}

  @Get()
  @Lists(ScheduledCommandView, ScheduledCommandPage, {
    summary: 'Commands that wait for their time, the next one first',
  })
  list(@Query() page: ScheduledCommandPage): Promise<Paged<Wire<ScheduledCommandView>>> {
    return this.queries.list(page);
  }

  @Delete(':command_id')
  @HttpCode(204)
  @Acts(
    OptionalReason,
    'Cancel a command that has not been sent yet',
    'It will not be sent, and its status says discarded. Who did it, and why, is kept.',
  )
  async cancel(@Param('command_id', UuidPipe) id: string, @Body() { reason }: OptionalReason): Promise<void> {
    assertDone(await done(what(id), this.scheduled.cancel(id, operator(reason))), id);
  }

  @Post(':command_id/move')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Have a command sent at another time',
    description:
      'It gets a new id; under the old one it is discarded. Sending this again makes no second one. Who did it, and why, is kept.',
  })
  @ApiBody({ schema: wireRef(NewTime), required: true })
  @ApiResponse({
    status: 200,
    description: 'The id under which it will be sent.',
    headers: headers(),
    content: { 'application/json': { schema: movedSchema } },
  })
  @AnswersProblems(400, 401, 403, 404, 406, 409, 413, 415, 429, 503)
  async move(
    @Param('command_id', UuidPipe) id: string,
    @Body() { dueAt, reason }: NewTime,
  ): Promise<{ command_id: string; links: { self: string } }> {
    const at = timeOf(dueAt);
    const moved = derivedId('moved', id, at.toISOString());
    assertDone(await done(what(id), this.scheduled.move(id, moved, at, operator(reason))), id);
    return { command_id: moved, links: { self: statusPath(moved) } };
  }
}

const what = (id: string): string => `scheduled command ${id}`;

function assertDone(cancelled: Cancelled, id: string): void {
  if (cancelled === 'unknown') throw notFound('scheduled_command_not_found', `there is no scheduled command ${id}`);
  if (cancelled === 'too_late')
    throw new Problem({
      code: 'CONFLICT',
      reason: 'too_late',
      detail: `the command ${id} has been sent already: its status tells what became of it`,
    });
}
