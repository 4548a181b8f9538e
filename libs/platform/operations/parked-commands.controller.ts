import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsString,
  IsUUID,
  Length,
  Max,
  MaxLength,
  Min,
} from 'class-validator';

import { Example, Message, Nullable, Optional, Trimmed, type Wire } from '#kernel';

import { Roles } from '../auth/access-policy.js';
import { AnswersProblems, headers } from '../http/answers.js';
import type { Paged } from '../http/page.js';
import { expectedVersion } from '../http/preconditions.js';
import { Lists, Reads } from '../http/reads.decorator.js';
import { wireRef } from '../http/schemas.js';
import { UuidPipe } from '../http/uuid.pipe.js';
import { ParkedCommands, type Standing } from './parked-commands.js';
import {
  ParkedCommandDetails,
  ParkedCommandPage,
  ParkedCommandQueries,
  ParkedCommandView,
  parkedStates,
} from './parked-commands.queries.js';
import { done, operator } from './problems.js';
import { Acts, HeedsVersion, OptionalReason, Reason } from './requests.js';
import { retryRun, type Retried } from './retry-run.js';

class Edit extends Message<Edit> {
  @IsObject()
  @Example({ task_id: '0198c0de-0000-7000-8000-000000000001', title: 'Pack the bag' })
  readonly payload!: Readonly<Record<string, unknown>>;
  @Trimmed() @Length(1, 500) @Example('the title was cut') readonly reason!: string;
}

/** How a parked command stands after an action. */
class ParkedStanding extends Message<ParkedStanding> {
  @IsUUID() readonly id!: string;
  @IsIn(parkedStates) readonly state!: string;
  @IsInt() readonly attempts!: number;
  @IsInt() readonly version!: number;
}

class RetrySome extends Message<RetrySome> {
  /** Default: dead. */
  @Optional() @IsIn(['dead', 'retrying', 'unsupported']) readonly state?: string;
  @Optional() @IsString() @Example('tasks.create_task.v1') readonly type?: string;
  @Optional() @IsString() readonly context?: string;
  @Optional() @IsUUID() readonly lane?: string;
  /** Part of the error. */
  @Optional() @IsString() @MaxLength(200) readonly error?: string;
  /** Default: 100. */
  @Optional() @IsInt() @Min(1) @Max(1000) readonly limit?: number;
  /** Default: true. */
  @Optional() @IsBoolean() readonly stopOnFailure?: boolean;
  @Optional() @Trimmed() @Length(1, 500) readonly reason?: string;
}

class RetriedSome extends Message<RetriedSome> {
  /** Each with its `id` and what `became` of it. */
  @IsArray() @IsObject({ each: true }) readonly items!: readonly Retried[];
  /** The one that failed, and so ended the run. */
  @Nullable() @IsUUID() readonly stoppedBy!: string | null;
  /** There may be more: the limit or the time is used up. */
  @IsBoolean() readonly more!: boolean;
}

const what = (id: string): string => `parked command ${id}`;

@ApiTags('operations')
@ApiBearerAuth()
@Roles('admin')
@Controller('ops/parked')
export class ParkedCommandsController {
  constructor(
    private readonly queries: ParkedCommandQueries,
    private readonly parked: ParkedCommands,
  ) {}

  @Get()
  @Lists(ParkedCommandView, ParkedCommandPage, {
    summary: 'Commands that could not be run, and those that wait behind them',
  })
  list(@Query() page: ParkedCommandPage): Promise<Paged<Wire<ParkedCommandView>>> {
    return this.queries.list(page);
  }

  @Post('retry')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Retry the parked commands that match',
    description:
      'One after the other, those parked first before the others, for at most 20 seconds: `more` says whether to ask again. It stops at the first that fails, or is not known to have ended within 8 seconds, unless told otherwise; then it does not wait for ends at all.',
  })
  @ApiBody({ schema: wireRef(RetrySome), required: true })
  @ApiResponse({
    status: 200,
    description: 'What was retried.',
    headers: headers(),
    content: { 'application/json': { schema: wireRef(RetriedSome) } },
  })
  @AnswersProblems(400, 401, 403, 406, 413, 415, 503)
  async retrySome(@Body() body: RetrySome): Promise<Wire<RetriedSome>> {
    const { limit = 100, stopOnFailure = true, reason, ...filter } = body;
    const run = await retryRun(this.parked, filter, { most: limit, stopOnFailure }, operator(reason));
    return { items: run.items, stopped_by: run.stoppedBy, more: run.more };
  }

  @Get(':id')
  @Reads(ParkedCommandDetails, {
    summary: 'One parked command, with its payload',
    phase: (view: Wire<ParkedCommandDetails>) => `${view.state}_${view.attempts}_${view.behind}`,
  })
  one(@Param('id', UuidPipe) id: string): Promise<Wire<ParkedCommandDetails>> {
    return this.queries.byId(id);
  }

  @Post(':id/retry')
  @HttpCode(200)
  @HeedsVersion()
  @Acts(
    OptionalReason,
    'Retry a parked command',
    'It is run as soon as its worker looks, within about a second, and has all its delayed attempts before it again.',
    ParkedStanding,
  )
  async retry(
    @Param('id', UuidPipe) id: string,
    @Body() { reason }: OptionalReason,
    @Headers('if-match') ifMatch?: string,
  ): Promise<Wire<ParkedStanding>> {
    return shown(id, await done(what(id), this.parked.retry(id, operator(reason), expectedVersion(ifMatch))));
  }

  @Post(':id/edit')
  @HttpCode(200)
  @HeedsVersion()
  @Acts(
    Edit,
    'Retry a parked command with another payload',
    'The payload must be valid for its type, and for the same aggregate. The command keeps its id, its author and its place; who changed it and why is kept.',
    ParkedStanding,
  )
  async edit(
    @Param('id', UuidPipe) id: string,
    @Body() { payload, reason }: Edit,
    @Headers('if-match') ifMatch?: string,
  ): Promise<Wire<ParkedStanding>> {
    const edited = this.parked.edit(id, payload, operator(reason), expectedVersion(ifMatch));
    return shown(id, await done(what(id), edited));
  }

  @Post(':id/discard')
  @HttpCode(204)
  @HeedsVersion()
  @Acts(Reason, 'Give up a parked command', 'Its status says discarded, for good; its lane goes on with the next one.')
  async discard(
    @Param('id', UuidPipe) id: string,
    @Body() { reason }: Reason,
    @Headers('if-match') ifMatch?: string,
  ): Promise<void> {
    await done(what(id), this.parked.discard(id, operator(reason), expectedVersion(ifMatch)));
  }
}

const shown = (id: string, standing: Standing): Wire<ParkedStanding> => ({ id, ...standing });
