import { Injectable } from '@nestjs/common';

import type { Wire } from '#kernel';
import { ReadDatabase } from '#platform/database/read-database.js';

import { isExpired, leadingTo, type ConversionStatus, type Placed, type Touchpoint } from '../contract/index.js';
import type { JourneyView, VisitorJourneys } from './conversion-views.js';
import { SettingsQueries } from './settings.queries.js';

interface Conversion extends Record<string, unknown> {
  readonly conversion_id: string;
  readonly occurred_at: Date;
  readonly status: ConversionStatus;
  readonly touchpoint_ids: readonly string[];
}

type Known = Touchpoint & Placed;

const conversions = {
  name: 'attribution_conversions_of_visitor',
  text: `
    select conversion_id, occurred_at, status, touchpoint_ids from attribution.conversion_list
    where visitor_id = $1 order by occurred_at, conversion_id`,
};

/** The latest of those who did more than anybody does: robots. */
export const mostTouchpoints = 10_000;

const touchpoints = {
  name: 'attribution_touchpoints_of_visitor',
  text: `
    select * from (
      select id as touchpoint_id, partner_id, campaign_id, interaction_type, occurred_at, recorded_at
      from attribution.touchpoint_list where visitor_id = $1 order by occurred_at desc limit ${mostTouchpoints}) as latest
    order by occurred_at, recorded_at, touchpoint_id`,
};

@Injectable()
export class JourneyQueries {
  constructor(
    private readonly db: ReadDatabase,
    private readonly settings: SettingsQueries,
  ) {}

  /** @returns undefined for a visitor whom nobody has seen */
  async of(visitorId: string): Promise<Wire<VisitorJourneys> | undefined> {
    const converted = await this.db.query<Conversion>(conversions, [visitorId]);
    const rows = await this.db.query<Record<string, unknown> & { occurred_at: Date; recorded_at: Date }>(touchpoints, [
      visitorId,
    ]);
    if (converted.length === 0 && rows.length === 0) return undefined;
    const all = rows.map(
      (row) =>
        ({ ...row, occurred_at: row.occurred_at.toISOString(), recorded_at: row.recorded_at.toISOString() }) as Known,
    );
    const { lookback_days: lookback } = await this.settings.byId();
    return { visitor_id: visitorId, journeys: [...closed(all, converted), ...open(all, converted, lookback)] };
  }
}

/** What a reversed conversion had is shown with it, too: it leads to the next one now. */
function closed(all: readonly Known[], converted: readonly Conversion[]): readonly JourneyView[] {
  let before: { readonly occurredAt: string } | undefined;
  return converted.map(({ conversion_id, occurred_at, status, touchpoint_ids: ids }) => {
    const end = { occurredAt: occurred_at.toISOString() };
    const reversed = status === 'reversed';
    const led = reversed ? all.filter((each) => ids.includes(each.touchpoint_id)) : leadingTo(all, end, before);
    if (!reversed) before = end;
    return {
      status: reversed ? 'reversed' : 'converted',
      conversion_id,
      converted_at: end.occurredAt,
      touchpoints: led.map(shown),
    };
  });
}

function open(all: readonly Known[], converted: readonly Conversion[], lookbackDays: number): readonly JourneyView[] {
  const last = converted.findLast(({ status }) => status !== 'reversed')?.occurred_at.toISOString();
  const rest = all.filter(({ occurred_at: at }) => last === undefined || at > last);
  if (rest.length === 0) return [];
  const status = isExpired(rest, new Date(), lookbackDays) ? 'expired' : 'active';
  return [{ status, conversion_id: null, converted_at: null, touchpoints: rest.map(shown) }];
}

function shown(known: Known): Touchpoint {
  const { recorded_at: _, ...touchpoint } = known;
  return touchpoint;
}
