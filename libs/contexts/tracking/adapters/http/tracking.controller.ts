import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiSecurity, ApiTags } from '@nestjs/swagger';

import { decode, type Wire } from '#kernel';
import { OptionalToken, Roles } from '#platform/auth/access-policy.js';
import { Commands, type Accepted } from '#platform/commands/commands.js';
import type { Paged } from '#platform/http/page.js';
import { notFound } from '#platform/http/problem.js';
import { Lists, Reads } from '#platform/http/reads.decorator.js';
import { NewId, Sends, SendsEach } from '#platform/http/sends.decorator.js';
import { UuidPipe } from '#platform/http/uuid.pipe.js';

import { DiscardTrackingEvent, RecordTrackingEvent } from '../../contract/index.js';
import {
  TrackingEventListPage,
  TrackingEventQueries,
  TrackingStatsQuery,
} from '../../read-models/tracking-event.queries.js';
import { RecordedTrackingEvent, TrackingEventView, TrackingStats } from '../../read-models/tracking-views.js';
import { Discard, NewTrackingEvent, NewTrackingEvents, recordOf } from './tracking-requests.js';

const message = 'the interaction was recorded';

const recorded = {
  view: RecordedTrackingEvent,
  make: ({ resource_id: trackingEventId }: Accepted, elapsed: number) =>
    new RecordedTrackingEvent({ trackingEventId, status: 'recorded', message, processingTimeMs: round(elapsed) }),
};

const trackingEvent = { view: TrackingEventView, queries: TrackingEventQueries };

@ApiTags('tracking')
@ApiBearerAuth()
@Roles('analyst', 'admin')
@Controller('tracking')
export class TrackingController {
  constructor(
    private readonly commands: Commands,
    private readonly events: TrackingEventQueries,
  ) {}

  @Post('events')
  @OptionalToken()
  @ApiSecurity({})
  @Sends(RecordTrackingEvent, {
    body: NewTrackingEvent,
    answers: recorded,
    waits: 10,
    summary: 'Record what a visitor did',
    description:
      'Needs no token, and waits for the outcome unless `Prefer: respond-async` is sent. Without `occurred_at` it was now. ' +
      'Sent again with the same `event_id` and content, it changes nothing and is answered the same. Without a token, ' +
      '`Idempotency-Key` must be a UUID.',
  })
  record(@Body() event: NewTrackingEvent, @NewId('trackingEventId') newId: string): Promise<Accepted> {
    return this.commands.send(recordOf(event, () => newId));
  }

  @Post('events/batch')
  @Roles('service', 'admin')
  @SendsEach(RecordTrackingEvent, {
    body: NewTrackingEvents,
    list: 'events',
    item: NewTrackingEvent,
    done: 'recorded',
    id: 'tracking_event_id',
    waits: 10,
    summary: 'Record what visitors did, up to 100 interactions at once',
    description:
      'Each is judged alone: what is wrong with one has its `problem` beside the others’ success. It waits for the ' +
      'outcomes unless `Prefer: respond-async` is sent.',
  })
  recordEach(@Body() { events }: NewTrackingEvents) {
    return this.commands.sendEach('events', events, (event, newId) =>
      recordOf(decode(NewTrackingEvent, event), () => newId('trackingEventId')),
    );
  }

  @Post('events/:tracking_event_id/discard')
  @Roles('admin')
  @Sends(DiscardTrackingEvent, {
    body: Discard,
    reads: trackingEvent,
    summary: 'Let an interaction not count: it was a robot, a test, a mistake',
  })
  discard(@Param('tracking_event_id', UuidPipe) trackingEventId: string, @Body() { reason }: Discard) {
    return this.commands.send(new DiscardTrackingEvent({ trackingEventId, reason }));
  }

  @Get('events')
  @Lists(TrackingEventView, TrackingEventListPage, {
    summary: 'Interactions, the latest first unless sorted otherwise',
    description: 'What was at `from` is included, at `to` excluded.',
  })
  list(@Query() page: TrackingEventListPage): Promise<Paged<Wire<TrackingEventView>>> {
    return this.events.list(page);
  }

  @Get('events/:tracking_event_id')
  @Reads(TrackingEventView, { summary: 'One interaction' })
  async byId(@Param('tracking_event_id', UuidPipe) id: string): Promise<Wire<TrackingEventView>> {
    const found = await this.events.byId(id);
    if (!found) throw notFound('tracking_event_not_found', `there is no tracking event ${id}`);
    return found;
  }

  @Get('stats')
  @Reads(TrackingStats, {
    query: TrackingStatsQuery,
    summary: 'How many interactions there were, and of how many visitors',
    description: 'By partner, campaign, day (UTC) or type. What was discarded does not count.',
  })
  stats(@Query() query: TrackingStatsQuery): Promise<Wire<TrackingStats>> {
    return this.events.stats(query);
  }
}

const round = (milliseconds: number): number => Math.round(milliseconds * 10) / 10;
