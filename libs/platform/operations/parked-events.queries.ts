import { Injectable } from '@nestjs/common';
import { IsIn, IsInt, IsObject, IsString, IsUUID, MaxLength } from 'class-validator';

import { Example, IsTime, Message, Nullable, Optional, type Wire } from '#kernel';

import { ReadDatabase } from '../database/read-database.js';
import { Cursors } from '../http/cursors.js';
import { keyset, sortsOf } from '../http/keyset.js';
import { Page, type Paged } from '../http/page.js';
import { notFound } from '../http/problem.js';
import { Privacy } from '../privacy/privacy.js';
import { unpackedEvent } from './parked-bytes.js';
import { parkedStates } from './parked-commands.queries.js';

const parked = keyset({
  name: 'platform.parked_events',
  sorts: { parked_at: { expression: 'seq', type: 'bigint' } },
  default: 'parked_at',
});

export class ParkedEventPage extends Page {
  @Optional() @IsIn(parkedStates) readonly state?: string;
  @Optional() @IsString() @Example('tasks.schedule_due_date_reminder') readonly policy?: string;
  @Optional() @IsString() @Example('task.created.v1') readonly type?: string;
  @Optional() @IsString() @Example('tasks') readonly context?: string;
  /** Part of the error. */
  @Optional() @IsString() @MaxLength(200) readonly error?: string;
  @Optional() @IsIn(sortsOf(parked)) readonly sort?: string;
}

/** An event that a policy could not handle, or that waits behind one. */
export class ParkedEventView extends Message<ParkedEventView> {
  @IsUUID() readonly id!: string;
  @IsUUID() readonly eventId!: string;
  /** `*` when no release has known its type so far. */
  @IsString() @Example('tasks.schedule_due_date_reminder') readonly policy!: string;
  @IsString() @Example('tasks') readonly context!: string;
  @IsString() @Example('task.created.v1') readonly type!: string;
  /** The stream's type and id. */
  @IsString() readonly stream!: string;
  @IsIn(parkedStates) readonly state!: string;
  @IsInt() @Example(3) readonly attempts!: number;
  @Nullable() @IsString() readonly error!: string | null;
  @IsTime() readonly parkedAt!: Date;
  /** Counts what operators did to it. */
  @IsInt() @Example(1) readonly version!: number;
}

/** A parked event in full. */
export class ParkedEventDetails extends Message<ParkedEventDetails> {
  @IsUUID() readonly id!: string;
  @IsUUID() readonly eventId!: string;
  @IsString() readonly policy!: string;
  @IsString() readonly context!: string;
  @IsString() readonly type!: string;
  @IsString() readonly stream!: string;
  @IsIn(parkedStates) readonly state!: string;
  @IsInt() readonly attempts!: number;
  @Nullable() @IsString() readonly error!: string | null;
  @IsTime() readonly parkedAt!: Date;
  @IsInt() readonly version!: number;
  @Nullable() @IsString() readonly stack!: string | null;
  /** As CloudEvents JSON. */
  @IsObject() readonly event!: object;
}

const columns = `id, event_id, policy, context, type, stream, state, attempts, error, parked_at, revision as version`;

const one = {
  name: 'parked_events_one',
  text: `select ${columns}, stack, event from platform.parked_events where id = $1`,
};

@Injectable()
export class ParkedEventQueries {
  constructor(
    private readonly db: ReadDatabase,
    private readonly cursors: Cursors,
    private readonly privacy: Privacy,
  ) {}

  list(page: ParkedEventPage): Promise<Paged<Wire<ParkedEventView>>> {
    return parked.page<Wire<ParkedEventView>>(this.db, this.cursors, {
      columns,
      from: 'platform.parked_events',
      where: [
        '($1::text is null or state = $1)',
        '($2::text is null or policy = $2)',
        '($3::text is null or type = $3)',
        '($4::text is null or context = $4)',
        '($5::text is null or position(lower($5) in lower(error)) > 0)',
      ],
      values: [page.state, page.policy, page.type, page.context, page.error],
      query: page,
    });
  }

  /** @throws Problem 404 */
  async byId(id: string): Promise<Wire<ParkedEventDetails>> {
    const [row] = await this.db.query<Omit<Wire<ParkedEventDetails>, 'event'> & { event: Buffer }>(one, [id]);
    if (!row) throw notFound('not_found', `there is no parked event ${id}`);
    return { ...row, event: unpackedEvent(row.event, this.privacy) };
  }
}
