import { Injectable } from '@nestjs/common';
import { IsIn, IsInt, IsObject, IsString, IsUUID, MaxLength } from 'class-validator';

import { Example, IsTime, Message, Optional, timeOf, type Wire } from '#kernel';

import { ReadDatabase } from '../database/read-database.js';
import { Cursors } from '../http/cursors.js';
import { keyset, sortsOf } from '../http/keyset.js';
import { Page, type Paged } from '../http/page.js';

const events = keyset({
  name: 'platform.activity',
  sorts: { occurred_at: { expression: 'occurred_at', type: 'timestamptz' } },
  default: '-occurred_at',
});

export class ActivityPage extends Page {
  /** Id of a user, or the name of a policy. */
  @Optional() @IsString() @MaxLength(255) readonly actor?: string;
  /** Wire name of an event. */
  @Optional() @IsString() @MaxLength(255) @Example('task.completed.v1') readonly type?: string;
  /** The context that it happened in. */
  @Optional() @IsString() @MaxLength(255) @Example('tasks') readonly context?: string;
  /** Included. */
  @Optional() @IsTime() @Example('2030-01-01T00:00:00Z') readonly from?: string;
  /** Excluded. */
  @Optional() @IsTime() @Example('2030-02-01T00:00:00Z') readonly to?: string;
  @Optional() @IsIn(sortsOf(events)) @Example('-occurred_at') readonly sort?: string;
}

/** That something happened, without what exactly. */
export class ActivityView extends Message<ActivityView> {
  /** Of the event. */
  @IsUUID() readonly id!: string;
  @IsString() @Example('task.completed.v1') readonly type!: string;
  @IsString() @Example('tasks') readonly context!: string;
  @IsString() @Example('tasks.task') readonly streamType!: string;
  @IsUUID() readonly streamId!: string;
  @IsInt() @Example(3) readonly streamVersion!: number;
  /** Who caused it: a user's id, or the name of a policy. */
  @IsString() readonly actor!: string;
  /** The ids that the event holds, by field. */
  @IsObject() readonly ids!: Readonly<Record<string, unknown>>;
  @IsTime() readonly occurredAt!: Date;
}

@Injectable()
export class ActivityQueries {
  constructor(
    private readonly db: ReadDatabase,
    private readonly cursors: Cursors,
  ) {}

  list(page: ActivityPage): Promise<Paged<Wire<ActivityView>>> {
    const moment = (time: string | undefined): Date | undefined => (time === undefined ? undefined : timeOf(time));
    return events.page<Wire<ActivityView>>(this.db, this.cursors, {
      columns: 'id, type, context, stream_type, stream_id, stream_version, actor, ids, occurred_at',
      from: 'platform.activity',
      where: [
        '($1::text is null or actor = $1)',
        '($2::text is null or type = $2)',
        '($3::text is null or context = $3)',
        '($4::timestamptz is null or occurred_at >= $4)',
        '($5::timestamptz is null or occurred_at < $5)',
      ],
      values: [page.actor, page.type, page.context, moment(page.from), moment(page.to)],
      query: page,
    });
  }
}
