import { Injectable } from '@nestjs/common';

import { ReadDatabase } from '#platform/database/read-database.js';

import { normalEmail, rolesId, type Role } from '../contract/index.js';

/** An account, as whoever checks a sign-in needs to know it. Never shown. */
export interface LoginAccount {
  readonly id: string;
  readonly version: number;
  readonly email: string;
  readonly username: string;
  readonly isActive: boolean;
  readonly isVerified: boolean;
  readonly sessionsValidFrom: Date | null;
  /** Null where there is no password: then it signs in by an identity provider. */
  readonly passwordHash: string | null;
  readonly roles: readonly Role[];
}

const statement = (name: string, condition: string) => ({
  name: `auth_login_${name}`,
  text: `
    select account.id, account.version, email, username, is_active as "isActive", is_verified as "isVerified",
      sessions_valid_from as "sessionsValidFrom", password_hash as "passwordHash",
      '["user"]'::jsonb || coalesce(grants -> account.id::text, '[]') as roles
    from auth.accounts as account
    left join auth.credentials as credentials on credentials.id = account.id
    left join auth.role_grants as granted on granted.id = '${rolesId}'
    where ${condition}`,
});

const byId = statement('by_id', 'account.id = $1');
const byEmail = statement('by_email', 'email = $1');
const byUsername = statement('by_username', 'lower(username) = lower($1)');
const byIdentity = statement('by_identity', 'external_identities @> array[$1]');

/** Finds the account of somebody who signs in. */
@Injectable()
export class LoginQueries {
  constructor(private readonly db: ReadDatabase) {}

  byId(id: string): Promise<LoginAccount | undefined> {
    return this.#one(byId, id);
  }

  byEmail(email: string): Promise<LoginAccount | undefined> {
    return this.#one(byEmail, normalEmail(email));
  }

  byUsername(username: string): Promise<LoginAccount | undefined> {
    return this.#one(byUsername, username.trim());
  }

  /** @param identity `<provider>:<subject>` */
  byIdentity(identity: string): Promise<LoginAccount | undefined> {
    return this.#one(byIdentity, identity);
  }

  async #one(query: typeof byId, value: string): Promise<LoginAccount | undefined> {
    const [account] = await this.db.query<LoginAccount & Record<string, unknown>>(query, [value]);
    return account;
  }
}
