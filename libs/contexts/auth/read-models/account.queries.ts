import { Injectable } from '@nestjs/common';
import { IsBoolean, IsIn, IsString, MaxLength } from 'class-validator';

import { Example, Optional, Trimmed, type Wire } from '#kernel';
import type { AuthenticatedUser } from '#platform/auth/authenticated-user.js';
import { ReadDatabase } from '#platform/database/read-database.js';
import { Cursors } from '#platform/http/cursors.js';
import { keyset, sortsOf } from '#platform/http/keyset.js';
import { Page, type Paged } from '#platform/http/page.js';
import type { ResourceQueries } from '#platform/http/resource.js';

import { rolesId } from '../contract/index.js';
import type { AccountView, MeView } from './account-views.js';

const accounts = keyset({
  name: 'auth.accounts',
  sorts: {
    created_at: { expression: 'created_at', type: 'timestamptz' },
    email: { expression: 'email', type: 'text' },
    username: { expression: 'lower(username)', type: 'text' },
  },
  default: '-created_at',
});

export class AccountListPage extends Page {
  @Optional() @IsBoolean() readonly isActive?: boolean;
  @Optional() @IsBoolean() readonly isVerified?: boolean;
  /** Part of the e-mail address, the user name or the name, in capitals or not. */
  @Optional() @IsString() @MaxLength(255) @Trimmed() @Example('ada') readonly q?: string;
  @Optional() @IsIn(sortsOf(accounts)) @Example('email') readonly sort?: string;
}

const roles = `'["user"]'::jsonb || coalesce(
  (select grants -> account.id::text from auth.role_grants where id = '${rolesId}'), '[]'
) as roles`;
const columns = `id, version, email, username, name, is_active, is_verified, ${roles}, created_at, updated_at`;

const byId = {
  name: 'auth_account_by_id',
  text: `select ${columns} from auth.accounts as account where id = $1`,
};

const me = {
  name: 'auth_me',
  text: `select id, name, email, username, is_active, is_verified, ${roles} from auth.accounts as account where id = $1`,
};

const matching = [
  '($1::boolean is null or is_active = $1)',
  '($2::boolean is null or is_verified = $2)',
  // No pattern, so that nothing in the text has a meaning of its own.
  `($3::text is null or strpos(email, lower($3)) > 0 or strpos(lower(username), lower($3)) > 0
    or strpos(lower(name), lower($3)) > 0)`,
];

/** Everybody reads their own account, administrators all. */
@Injectable()
export class AccountQueries implements ResourceQueries<Wire<AccountView>> {
  constructor(
    private readonly db: ReadDatabase,
    private readonly cursors: Cursors,
  ) {}

  async byId(id: string, reader: AuthenticatedUser): Promise<Wire<AccountView> | undefined> {
    if (id !== reader.id && !reader.roles.includes('admin')) return undefined;
    const [account] = await this.db.query<Wire<AccountView>>(byId, [id]);
    return account;
  }

  async me(id: string): Promise<Wire<MeView> | undefined> {
    const [found] = await this.db.query<Wire<MeView>>(me, [id]);
    return found;
  }

  /** All accounts: the route lets administrators in, and nobody else. */
  list(page: AccountListPage): Promise<Paged<Wire<AccountView>>> {
    const { isActive, isVerified, q } = page;
    return accounts.page<Wire<AccountView>>(this.db, this.cursors, {
      columns,
      from: 'auth.accounts as account',
      where: matching,
      values: [isActive, isVerified, q],
      query: page,
    });
  }
}
