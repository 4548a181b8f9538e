import { Injectable } from '@nestjs/common';
import { IsIn, IsObject, IsString, IsUUID } from 'class-validator';

import { Example, IsTime, Message, Optional, type Wire } from '#kernel';

import { ReadDatabase } from '../database/read-database.js';
import { Cursors } from '../http/cursors.js';
import { keyset, sortsOf } from '../http/keyset.js';
import { Page, type Paged } from '../http/page.js';

const scheduled = keyset({
  name: 'platform.scheduled_commands',
  sorts: { due_at: { expression: 'due_at', type: 'timestamptz' } },
  default: 'due_at',
});

export class ScheduledCommandPage extends Page {
  @Optional() @IsString() @Example('tasks.remind_of_due_date.v1') readonly type?: string;
  /** Of the aggregate. */
  @Optional() @IsUUID() readonly lane?: string;
  @Optional() @IsIn(sortsOf(scheduled)) readonly sort?: string;
}

/** A command that waits for its time. */
export class ScheduledCommandView extends Message<ScheduledCommandView> {
  @IsUUID() readonly id!: string;
  @IsString() @Example('tasks.remind_of_due_date.v1') readonly type!: string;
  @IsString() @Example('tasks') readonly context!: string;
  @IsUUID() readonly lane!: string;
  @IsString() @Example('system:tasks.remind_of_due_date') readonly author!: string;
  @IsObject() readonly payload!: Readonly<Record<string, unknown>>;
  @IsTime() readonly dueAt!: Date;
  @IsTime() readonly scheduledAt!: Date;
}

@Injectable()
export class ScheduledCommandQueries {
  constructor(
    private readonly db: ReadDatabase,
    private readonly cursors: Cursors,
  ) {}

  /** What has not been sent yet. */
  list(page: ScheduledCommandPage): Promise<Paged<Wire<ScheduledCommandView>>> {
    return scheduled.page<Wire<ScheduledCommandView>>(this.db, this.cursors, {
      columns: `id, type, context, lane, author, convert_from(payload, 'UTF8')::jsonb as payload, due_at, scheduled_at`,
      from: 'platform.scheduled_commands',
      where: ['published_at is null', '($1::text is null or type = $1)', '($2::text is null or lane = $2)'],
      values: [page.type, page.lane],
      query: page,
    });
  }
}
