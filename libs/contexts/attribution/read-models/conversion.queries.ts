import { Injectable } from '@nestjs/common';
import { IsArray, IsIn } from 'class-validator';

import { Example, IsTime, Optional, timeOf, type Wire } from '#kernel';
import { ReadDatabase } from '#platform/database/read-database.js';
import { Cursors } from '#platform/http/cursors.js';
import { keyset, sortsOf } from '#platform/http/keyset.js';
import { Page, type Paged } from '#platform/http/page.js';
import type { ResourceQueries } from '#platform/http/resource.js';

import { VisitorName } from '../contract/fields.js';
import { ConversionStatuses, ConversionTypes, type ConversionStatus, type ConversionType } from '../contract/index.js';
import type { ConversionView } from './conversion-views.js';

const conversions = keyset({
  name: 'attribution.conversions',
  sorts: { occurred_at: { expression: 'occurred_at', type: 'timestamptz' } },
  default: '-occurred_at',
});

export class ConversionListPage extends Page {
  @Optional() @VisitorName() @Example('v-81f3') readonly visitorId?: string;
  @Optional() @IsArray() @IsIn(ConversionTypes, { each: true }) readonly conversionType?: ConversionType[];
  @Optional() @IsArray() @IsIn(ConversionStatuses, { each: true }) readonly status?: ConversionStatus[];
  /** Included. */
  @Optional() @IsTime() @Example('2026-01-01T00:00:00Z') readonly from?: string;
  /** Excluded. */
  @Optional() @IsTime() @Example('2026-02-01T00:00:00Z') readonly to?: string;
  @Optional() @IsIn(sortsOf(conversions)) @Example('-occurred_at') readonly sort?: string;
}

const columns = `id, external_id, visitor_id, conversion_type, value, currency, occurred_at, status, calculation_version,
  jsonb_array_length(touchpoint_ids) as touchpoints, settings, recorded_at, reversed_at, reversal_reason`;

/** Rows have ids of their own: whoever reads knows conversions by theirs. */
const list = `(
  select conversion_id as id, external_id, visitor_id, conversion_type, value::numeric(11, 2)::text as value, currency,
    occurred_at, status, calculation_version, touchpoint_ids, settings, recorded_at, reversed_at, reversal_reason
  from attribution.conversion_list) as conversions`;

const byId = { name: 'attribution_conversion', text: `select ${columns} from ${list} where id = $1` };

const visitorOf = {
  name: 'attribution_visitor_of',
  text: 'select visitor_key from attribution.conversion_list where conversion_id = $1',
};

const matching = [
  '($1::text is null or visitor_id = $1)',
  '($2::text[] is null or conversion_type = any($2))',
  '($3::text[] is null or status = any($3))',
  '($4::timestamptz is null or occurred_at >= $4)',
  '($5::timestamptz is null or occurred_at < $5)',
];

@Injectable()
export class ConversionQueries implements ResourceQueries<Wire<ConversionView>> {
  constructor(
    private readonly db: ReadDatabase,
    private readonly cursors: Cursors,
  ) {}

  async byId(id: string): Promise<Wire<ConversionView> | undefined> {
    const [conversion] = await this.db.query<Wire<ConversionView>>(byId, [id]);
    return conversion;
  }

  list(page: ConversionListPage): Promise<Paged<Wire<ConversionView>>> {
    const { visitorId, conversionType, status, from, to } = page;
    return conversions.page<Wire<ConversionView>>(this.db, this.cursors, {
      columns,
      from: list,
      where: matching,
      values: [visitorId, conversionType, status, moment(from), moment(to)],
      query: page,
    });
  }

  /** The stream of the visitor whose conversion it is; undefined when there is no such conversion. */
  async visitorKeyOf(conversionId: string): Promise<string | undefined> {
    const [row] = await this.db.query<{ visitor_key: string }>(visitorOf, [conversionId]);
    return row?.visitor_key;
  }
}

const moment = (time: string | undefined): Date | undefined => (time === undefined ? undefined : timeOf(time));
