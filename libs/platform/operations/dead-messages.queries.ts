import { Injectable } from '@nestjs/common';
import { IsBase64, IsIn, IsInt, IsObject, IsString, IsUUID } from 'class-validator';

import { Example, IsTime, Message, Nullable, Optional, type Wire } from '#kernel';

import { ReadDatabase } from '../database/read-database.js';
import { Cursors } from '../http/cursors.js';
import { keyset, sortsOf } from '../http/keyset.js';
import { Page, type Paged } from '../http/page.js';
import { notFound } from '../http/problem.js';
import { Privacy } from '../privacy/privacy.js';
import { unpackedBody } from './parked-bytes.js';

const dead = keyset({
  name: 'platform.dead_messages',
  sorts: {
    first_seen_at: { expression: 'first_seen_at', type: 'timestamptz' },
    last_seen_at: { expression: 'last_seen_at', type: 'timestamptz' },
  },
  default: '-last_seen_at',
});

export class DeadMessagePage extends Page {
  @Optional() @IsString() @Example('tasks.commands.8.3') readonly queue?: string;
  @Optional() @IsString() @Example('signature_invalid') readonly reason?: string;
  @Optional() @IsIn(sortsOf(dead)) readonly sort?: string;
}

/** A message that nobody is known to have sent. */
export class DeadMessageView extends Message<DeadMessageView> {
  @IsUUID() readonly id!: string;
  @IsString() @Example('tasks.commands.8.3') readonly queue!: string;
  @IsString() @Example('signature_invalid') readonly reason!: string;
  /** How often it came. */
  @IsInt() readonly seen!: number;
  /** Of the body, in bytes. */
  @IsInt() readonly size!: number;
  @IsTime() readonly firstSeenAt!: Date;
  @IsTime() readonly lastSeenAt!: Date;
}

/** A dead message in full. Whatever it says may be forged. */
export class DeadMessageDetails extends Message<DeadMessageDetails> {
  @IsUUID() readonly id!: string;
  @IsString() readonly queue!: string;
  @IsString() readonly reason!: string;
  @IsInt() readonly seen!: number;
  @IsInt() readonly size!: number;
  @IsTime() readonly firstSeenAt!: Date;
  @IsTime() readonly lastSeenAt!: Date;
  /** Its AMQP properties. */
  @IsObject() readonly properties!: object;
  @IsBase64() readonly bodyBase64!: string;
  /** Null when it is not UTF-8. */
  @Nullable() @IsString() readonly bodyText!: string | null;
}

const columns = 'id, queue, reason, seen, size, first_seen_at, last_seen_at';

const one = {
  name: 'dead_messages_one',
  text: `select ${columns}, properties, body from platform.dead_messages where id = $1`,
};

@Injectable()
export class DeadMessageQueries {
  constructor(
    private readonly db: ReadDatabase,
    private readonly cursors: Cursors,
    private readonly privacy: Privacy,
  ) {}

  list(page: DeadMessagePage): Promise<Paged<Wire<DeadMessageView>>> {
    return dead.page<Wire<DeadMessageView>>(this.db, this.cursors, {
      columns,
      from: 'platform.dead_messages',
      where: ['($1::text is null or queue = $1)', '($2::text is null or reason = $2)'],
      values: [page.queue, page.reason],
      query: page,
    });
  }

  /** @throws Problem 404 */
  async byId(id: string): Promise<Wire<DeadMessageDetails>> {
    const [row] = await this.db.query<Wire<DeadMessageView> & { properties: Buffer; body: Buffer }>(one, [id]);
    if (!row) throw notFound('not_found', `there is no dead message ${id}`);
    const { properties, body: stored, ...rest } = row;
    const body = unpackedBody(stored, this.privacy);
    return {
      ...rest,
      properties: JSON.parse(properties.toString('utf8')) as object,
      body_base64: body.toString('base64'),
      body_text: textOf(body),
    };
  }
}

function textOf(body: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return null;
  }
}
