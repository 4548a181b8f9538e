import { Injectable } from '@nestjs/common';

import { ReadDatabase } from '#platform/database/read-database.js';
import { EventLog } from '#platform/event-log/event-log.js';
import { happenings, PersonalData } from '#platform/http/personal-data.js';

import { rolesId } from '../contract/index.js';

const account = {
  name: 'auth_personal_account',
  text: `
    select id, version, email, username, name, is_active, is_verified, external_identities, created_at, updated_at,
      coalesce((select grants->($1::uuid::text) from auth.role_grants where id = $2), '[]') as roles
    from auth.accounts where id = $1`,
};

const sessions = {
  name: 'auth_personal_sessions',
  text: `
    select id, user_agent, host(address) as address, created_at, last_used_at, expires_at, revoked_at, revoked_reason
    from auth.sessions where account_id = $1 order by created_at, id`,
};

/** The account with the roles that were granted, the sessions, and what happened to the account. */
@Injectable()
export class AuthPersonalData extends PersonalData {
  constructor(
    private readonly db: ReadDatabase,
    private readonly log: EventLog,
  ) {
    super();
  }

  async of(userId: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    const [found] = await this.db.query(account, [userId, rolesId]);
    return (
      found && {
        account: found,
        sessions: await this.db.query(sessions, [userId]),
        history: happenings(await this.log.events('auth.account', userId)),
      }
    );
  }
}
