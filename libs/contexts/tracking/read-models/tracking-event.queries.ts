import { Injectable } from '@nestjs/common';
import { IsIn, IsInt, IsString, Max, MaxLength, Min } from 'class-validator';

import { Example, IsTime, Message, Optional, timeOf, Trimmed, type Wire } from '#kernel';
import { ReadDatabase } from '#platform/database/read-database.js';
import { Cursors } from '#platform/http/cursors.js';
import { keyset, sortsOf } from '#platform/http/keyset.js';
import { Page, type Paged } from '#platform/http/page.js';
import type { ResourceQueries } from '#platform/http/resource.js';

import {
  InteractionTypes,
  TrackingEventStatuses,
  type InteractionType,
  type TrackingEventStatus,
} from '../contract/index.js';
import type { TrackingCount, TrackingEventView, TrackingStats } from './tracking-views.js';

const events = keyset({
  name: 'tracking.tracking_events',
  sorts: { occurred_at: { expression: 'occurred_at', type: 'timestamptz' } },
  default: '-occurred_at',
});

export class TrackingEventListPage extends Page {
  @Optional() @IsString() @Trimmed() @MaxLength(255) @Example('search.example') readonly partnerId?: string;
  @Optional() @IsString() @Trimmed() @MaxLength(255) @Example('spring-sale') readonly campaignId?: string;
  @Optional() @IsString() @Trimmed() @MaxLength(255) @Example('v-81f3') readonly visitorId?: string;
  @Optional() @IsIn(InteractionTypes) readonly interactionType?: InteractionType;
  @Optional() @IsIn(TrackingEventStatuses) readonly status?: TrackingEventStatus;
  /** Included. */
  @Optional() @IsTime() @Example('2030-01-01T00:00:00Z') readonly from?: string;
  /** Excluded. */
  @Optional() @IsTime() @Example('2030-02-01T00:00:00Z') readonly to?: string;
  @Optional() @IsIn(sortsOf(events)) @Example('-occurred_at') readonly sort?: string;
}

const keys = {
  partner: 'partner_id',
  campaign: 'campaign_id',
  day: `to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD')`,
  interaction_type: 'interaction_type',
} as const;

type Grouping = keyof typeof keys;
export const Groupings = Object.keys(keys) as readonly Grouping[];

export class TrackingStatsQuery extends Message<TrackingStatsQuery> {
  @IsIn(Groupings) @Example('partner') readonly groupBy!: Grouping;
  /** Included. */
  @Optional() @IsTime() @Example('2030-01-01T00:00:00Z') readonly from?: string;
  /** Excluded. */
  @Optional() @IsTime() @Example('2030-02-01T00:00:00Z') readonly to?: string;
  /** So many groups at most. `totals` are of all. */
  @Optional() @IsInt() @Min(1) @Max(1000) @Example(100) readonly limit?: number;
}

const columns = `id, version, partner_id, campaign_id, visitor_id, interaction_type, source_url, destination_url, metadata,
  status, occurred_at, recorded_at, discarded_at, discard_reason`;

const byId = {
  name: 'tracking_events_by_id',
  text: `select ${columns} from tracking.tracking_events where id = $1`,
};

/** Of groups, and of all. What was discarded does not count. */
const stats = Object.fromEntries(
  Groupings.map((grouping) => [
    grouping,
    {
      name: `tracking_stats_by_${grouping}`,
      text: `
        select ${keys[grouping]} as key, count(*)::int as events, count(distinct visitor_id)::int as unique_visitors
        from tracking.tracking_events
        where status = 'recorded' and occurred_at >= coalesce($1::timestamptz, '-infinity')
          and occurred_at < coalesce($2::timestamptz, 'infinity')
        group by grouping sets ((1), ())
        order by grouping(${keys[grouping]}) desc, ${grouping === 'day' ? '' : 'events desc,'} key
        limit $3::int + 1`,
    },
  ]),
) as Readonly<Record<Grouping, { readonly name: string; readonly text: string }>>;

type Row = Omit<Wire<TrackingEventView>, 'tracking_event_id'> & { readonly id: string };

@Injectable()
export class TrackingEventQueries implements ResourceQueries<Wire<TrackingEventView>> {
  constructor(
    private readonly db: ReadDatabase,
    private readonly cursors: Cursors,
  ) {}

  async byId(id: string): Promise<Wire<TrackingEventView> | undefined> {
    const [row] = await this.db.query<Row>(byId, [id]);
    return row && shown(row);
  }

  async list(page: TrackingEventListPage): Promise<Paged<Wire<TrackingEventView>>> {
    const { partnerId, campaignId, visitorId, interactionType, status } = page;
    const filters = [
      filter('partner_id =', 'text', partnerId),
      filter('campaign_id =', 'text', campaignId),
      filter('visitor_id =', 'text', visitorId),
      filter('interaction_type =', 'text', interactionType),
      filter('status =', 'text', status),
      filter('occurred_at >=', 'timestamptz', moment(page.from)),
      filter('occurred_at <', 'timestamptz', moment(page.to)),
    ];
    const { items, ...rest } = await events.page<Row>(this.db, this.cursors, {
      columns,
      from: 'tracking.tracking_events',
      where: filters.map(({ condition }, index) => condition(`$${index + 1}`)),
      values: filters.map(({ value }) => value),
      query: page,
    });
    return { items: items.map(shown), ...rest };
  }

  async stats({ groupBy, from, to, limit = 100 }: TrackingStatsQuery): Promise<Wire<TrackingStats>> {
    const [totals, ...items] = await this.db.query<TrackingCount>(stats[groupBy], [moment(from), moment(to), limit]);
    const { events: counted, unique_visitors } = totals as TrackingCount;
    return { items, totals: { events: counted, unique_visitors } };
  }
}

interface Filter {
  readonly value: unknown;
  readonly condition: (parameter: string) => string;
}

/**
 * A filter that is not asked for stands in no condition on a column: the statement without it is another one, whose plan
 * need not be good for both.
 */
const filter = (comparison: string, type: string, value: unknown): Filter => ({
  value,
  condition: (parameter) =>
    value === undefined ? `${parameter}::${type} is null` : `${comparison} ${parameter}::${type}`,
});

const shown = ({ id, ...row }: Row): Wire<TrackingEventView> => ({ tracking_event_id: id, ...row });

const moment = (time: string | undefined): Date | undefined => (time === undefined ? undefined : timeOf(time));
