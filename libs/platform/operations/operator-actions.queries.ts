import { Injectable } from '@nestjs/common';
import { IsIn, IsObject, IsString, IsUUID } from 'class-validator';

import { IsTime, Message, Nullable, Optional, type Wire } from '#kernel';

import { ReadDatabase } from '../database/read-database.js';
import { Cursors } from '../http/cursors.js';
import { keyset, sortsOf } from '../http/keyset.js';
import { Page, type Paged } from '../http/page.js';
import { actionNames, subjectKinds } from './operator-actions.js';

const actions = keyset({
  name: 'platform.operator_actions',
  sorts: { at: { expression: 'at', type: 'timestamptz' } },
  default: '-at',
});

export class OperatorActionPage extends Page {
  @Optional() @IsIn(actionNames) readonly action?: string;
  @Optional() @IsIn(subjectKinds) readonly subject?: string;
  @Optional() @IsUUID() readonly subjectId?: string;
  /** Who did it. */
  @Optional() @IsUUID() readonly operator?: string;
  @Optional() @IsIn(sortsOf(actions)) readonly sort?: string;
}

/** What an operator did. */
export class OperatorActionView extends Message<OperatorActionView> {
  @IsUUID() readonly id!: string;
  @IsIn(actionNames) readonly action!: string;
  @IsIn(subjectKinds) readonly subject!: string;
  @IsUUID() readonly subjectId!: string;
  /** Id of the user. */
  @IsString() readonly operator!: string;
  @Nullable() @IsString() readonly reason!: string | null;
  @IsObject() readonly before!: object;
  @IsObject() readonly after!: object;
  @IsString() readonly correlationId!: string;
  @IsTime() readonly at!: Date;
}

@Injectable()
export class OperatorActionQueries {
  constructor(
    private readonly db: ReadDatabase,
    private readonly cursors: Cursors,
  ) {}

  list(page: OperatorActionPage): Promise<Paged<Wire<OperatorActionView>>> {
    return actions.page<Wire<OperatorActionView>>(this.db, this.cursors, {
      columns: 'id, action, subject, subject_id, operator, reason, before, after, correlation_id, at',
      from: 'platform.operator_actions',
      where: [
        '($1::text is null or action = $1)',
        '($2::text is null or subject = $2)',
        '($3::uuid is null or subject_id = $3)',
        '($4::text is null or operator = $4)',
      ],
      values: [page.action, page.subject, page.subjectId, page.operator],
      query: page,
    });
  }
}
