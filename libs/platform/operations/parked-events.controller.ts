import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { IsIn, IsInt, IsUUID } from 'class-validator';

import { Message, type Wire } from '#kernel';

import { Roles } from '../auth/access-policy.js';
import type { Paged } from '../http/page.js';
import { expectedVersion } from '../http/preconditions.js';
import { Lists, Reads } from '../http/reads.decorator.js';
import { UuidPipe } from '../http/uuid.pipe.js';
import { parkedStates } from './parked-commands.queries.js';
import { ParkedEventActions } from './parked-event-actions.js';
import { ParkedEventDetails, ParkedEventPage, ParkedEventQueries, ParkedEventView } from './parked-events.queries.js';
import { done, operator } from './problems.js';
import { Acts, HeedsVersion, OptionalReason, Reason } from './requests.js';

/** How a parked event stands after an action. */
class ParkedEventStanding extends Message<ParkedEventStanding> {
  @IsUUID() readonly id!: string;
  @IsIn(parkedStates) readonly state!: string;
  @IsInt() readonly attempts!: number;
  @IsInt() readonly version!: number;
}

const what = (id: string): string => `parked event ${id}`;

@ApiTags('operations')
@ApiBearerAuth()
@Roles('admin')
@Controller('ops/parked-events')
export class ParkedEventsController {
  constructor(
    private readonly queries: ParkedEventQueries,
    private readonly parked: ParkedEventActions,
  ) {}

  @Get()
  @Lists(ParkedEventView, ParkedEventPage, {
    summary: 'Events that policies could not handle, and those that wait behind them',
  })
  list(@Query() page: ParkedEventPage): Promise<Paged<Wire<ParkedEventView>>> {
    return this.queries.list(page);
  }

  @Get(':id')
  @Reads(ParkedEventDetails, {
    summary: 'One parked event, as it was told',
    phase: (view: Wire<ParkedEventDetails>) => `${view.state}_${view.attempts}`,
  })
  one(@Param('id', UuidPipe) id: string): Promise<Wire<ParkedEventDetails>> {
    return this.queries.byId(id);
  }

  @Post(':id/retry')
  @HttpCode(200)
  @HeedsVersion()
  @Acts(
    OptionalReason,
    'Have a policy try a parked event again',
    'Three times, as soon as its worker looks.',
    ParkedEventStanding,
  )
  async retry(
    @Param('id', UuidPipe) id: string,
    @Body() { reason }: OptionalReason,
    @Headers('if-match') ifMatch?: string,
  ): Promise<Wire<ParkedEventStanding>> {
    return { id, ...(await done(what(id), this.parked.retry(id, operator(reason), expectedVersion(ifMatch)))) };
  }

  @Post(':id/discard')
  @HttpCode(204)
  @HeedsVersion()
  @Acts(
    Reason,
    'Have a policy pass a parked event over',
    'What would have followed from it does not; its stream goes on with the next one.',
  )
  async discard(
    @Param('id', UuidPipe) id: string,
    @Body() { reason }: Reason,
    @Headers('if-match') ifMatch?: string,
  ): Promise<void> {
    await done(what(id), this.parked.discard(id, operator(reason), expectedVersion(ifMatch)));
  }
}
