import { Injectable } from '@nestjs/common';
import { IsIn, IsInt, IsObject, IsString, IsUUID, MaxLength } from 'class-validator';

import { Example, IsTime, Message, Nullable, Optional, type Wire } from '#kernel';

import { ReadDatabase } from '../database/read-database.js';
import { Cursors } from '../http/cursors.js';
import { keyset, sortsOf } from '../http/keyset.js';
import { Page, type Paged } from '../http/page.js';
import { notFound } from '../http/problem.js';
import { unpackedMessage } from './parked-bytes.js';

export const parkedStates = ['retrying', 'blocked', 'unsupported', 'dead'] as const;

const parked = keyset({
  name: 'platform.parked_commands',
  sorts: {
    parked_at: { expression: 'seq', type: 'bigint' },
    accepted_at: { expression: 'accepted_at', type: 'timestamptz' },
  },
  default: 'parked_at',
});

export class ParkedCommandPage extends Page {
  @Optional() @IsIn(parkedStates) readonly state?: string;
  @Optional() @IsString() @Example('tasks.create_task.v1') readonly type?: string;
  @Optional() @IsString() @Example('tasks') readonly context?: string;
  /** Of the aggregate, or whatever orders the commands. */
  @Optional() @IsUUID() readonly lane?: string;
  /** Part of the error. */
  @Optional() @IsString() @MaxLength(200) readonly error?: string;
  @Optional() @IsIn(sortsOf(parked)) readonly sort?: string;
}

/** A command that could not be run, or that waits behind one. */
export class ParkedCommandView extends Message<ParkedCommandView> {
  @IsUUID() readonly id!: string;
  @IsString() @Example('tasks.create_task.v1') readonly type!: string;
  @IsString() @Example('tasks') readonly context!: string;
  @IsUUID() readonly lane!: string;
  @IsUUID() readonly resourceId!: string;
  @IsString() readonly author!: string;
  @IsIn(parkedStates) readonly state!: string;
  /** How often its handler was run. */
  @IsInt() @Example(6) readonly attempts!: number;
  @Nullable() @IsString() readonly error!: string | null;
  /** Of the worker that tried it last. */
  @IsString() readonly release!: string;
  /** The first of its lane, if that is another one. */
  @Nullable() @IsUUID() readonly blockedBy!: string | null;
  /** How many wait behind it in its lane. */
  @IsInt() readonly behind!: number;
  @Nullable() @IsTime() readonly nextAttemptAt!: Date | null;
  @Nullable() @IsTime() readonly deadline!: Date | null;
  @IsTime() readonly acceptedAt!: Date;
  @IsTime() readonly parkedAt!: Date;
  /** Counts what operators did to it. */
  @IsInt() @Example(1) readonly version!: number;
}

/** A parked command in full. */
export class ParkedCommandDetails extends Message<ParkedCommandDetails> {
  @IsUUID() readonly id!: string;
  @IsString() @Example('tasks.create_task.v1') readonly type!: string;
  @IsString() @Example('tasks') readonly context!: string;
  @IsUUID() readonly lane!: string;
  @IsUUID() readonly resourceId!: string;
  @IsString() readonly author!: string;
  @IsIn(parkedStates) readonly state!: string;
  @IsInt() @Example(6) readonly attempts!: number;
  @Nullable() @IsString() readonly error!: string | null;
  @IsString() readonly release!: string;
  @Nullable() @IsUUID() readonly blockedBy!: string | null;
  @IsInt() readonly behind!: number;
  @Nullable() @IsTime() readonly nextAttemptAt!: Date | null;
  @Nullable() @IsTime() readonly deadline!: Date | null;
  @IsTime() readonly acceptedAt!: Date;
  @IsTime() readonly parkedAt!: Date;
  @IsInt() @Example(1) readonly version!: number;
  @Nullable() @IsString() readonly stack!: string | null;
  /** Null when it is no JSON object. */
  @Nullable() @IsObject() readonly payload!: Readonly<Record<string, unknown>> | null;
  /** How often an operator has changed the payload. */
  @IsInt() readonly edition!: number;
  /** How many delayed attempts there have been, or are planned. */
  @IsInt() readonly delayed!: number;
  @IsString() readonly correlationId!: string;
}

const head = `(select h.id from platform.parked_commands h where h.context = p.context and h.lane = p.lane
  order by h.seq limit 1)`;

const columns = `id, type, context, lane, resource_id, author, state, attempts, error, release,
  nullif(${head}, p.id) as blocked_by,
  (select count(*)::int from platform.parked_commands b where b.context = p.context and b.lane = p.lane and b.seq > p.seq)
    as behind,
  next_attempt_at, deadline, accepted_at, parked_at, revision as version`;

const one = {
  name: 'parked_commands_one',
  text: `select ${columns}, stack, edition, delayed, envelope from platform.parked_commands p where p.id = $1`,
};

@Injectable()
export class ParkedCommandQueries {
  constructor(
    private readonly db: ReadDatabase,
    private readonly cursors: Cursors,
  ) {}

  list(page: ParkedCommandPage): Promise<Paged<Wire<ParkedCommandView>>> {
    return parked.page<Wire<ParkedCommandView>>(this.db, this.cursors, {
      columns,
      from: 'platform.parked_commands p',
      where: [
        '($1::text is null or state = $1)',
        '($2::text is null or type = $2)',
        '($3::text is null or context = $3)',
        '($4::text is null or lane = $4)',
        '($5::text is null or position(lower($5) in lower(error)) > 0)',
      ],
      values: [page.state, page.type, page.context, page.lane, page.error],
      query: page,
    });
  }

  /** @throws Problem 404 */
  async byId(id: string): Promise<Wire<ParkedCommandDetails>> {
    type Row = Omit<Wire<ParkedCommandDetails>, 'payload' | 'correlation_id'> & { envelope: Buffer };
    const [row] = await this.db.query<Row>(one, [id]);
    if (!row) throw notFound('not_found', `no command ${id} is parked`);
    const { envelope, ...rest } = row;
    const { properties, body } = unpackedMessage(envelope);
    return { ...rest, payload: objectIn(body), correlation_id: properties.correlationId };
  }
}

function objectIn(body: Buffer): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}
