import { Injectable } from '@nestjs/common';
import { IsIn } from 'class-validator';

import { Example, Optional, type Wire } from '#kernel';
import type { AuthenticatedUser } from '#platform/auth/authenticated-user.js';
import { ReadDatabase } from '#platform/database/read-database.js';
import { Cursors } from '#platform/http/cursors.js';
import { keyset, sortsOf } from '#platform/http/keyset.js';
import { Page, type Paged } from '#platform/http/page.js';

import { isOfNow } from './good-session.js';
import type { SessionView } from './session-views.js';

const sessions = keyset({
  name: 'auth.sessions',
  sorts: {
    created_at: { expression: 'created_at', type: 'timestamptz' },
    last_used_at: { expression: 'last_used_at', type: 'timestamptz' },
  },
  default: '-created_at',
});

export class SessionListPage extends Page {
  @Optional() @IsIn(sortsOf(sessions)) @Example('-last_used_at') readonly sort?: string;
}

/** Everybody reads their own sessions: those that are not over. */
@Injectable()
export class SessionQueries {
  constructor(
    private readonly db: ReadDatabase,
    private readonly cursors: Cursors,
  ) {}

  list(page: SessionListPage, { id, sid }: AuthenticatedUser): Promise<Paged<Wire<SessionView>>> {
    return sessions.page<Wire<SessionView>>(this.db, this.cursors, {
      columns: `id, id is not distinct from $2::uuid as is_current, user_agent, host(address) as address, created_at,
        last_used_at, expires_at`,
      from: `(
        select session.*
        from auth.sessions as session join auth.accounts as account on account.id = account_id
        where account.is_active and ${isOfNow}
      ) as session`,
      where: [
        'account_id = $1',
        // Where only the items are counted, nothing else says of which type it is.
        '($2::uuid is null or true)',
        'revoked_at is null and expires_at > now()',
      ],
      values: [id, sid],
      query: page,
    });
  }
}
