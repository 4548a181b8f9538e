import { Injectable } from '@nestjs/common';

import { ReadDatabase } from '#platform/database/read-database.js';

import { RoleLookup } from '../../application/ports.js';
import { rolesId, type Role } from '../../contract/index.js';

const rolesOf = {
  name: 'auth_roles_of',
  text: `select grants -> $2::text as roles from auth.role_grants where id = $1`,
};

const admins = {
  name: 'auth_count_admins',
  text: `
    select count(*)::int as admins from auth.role_grants, jsonb_each(grants) as held (user_id, roles)
    where id = $1 and roles ? 'admin'`,
};

@Injectable()
export class PostgresRoleLookup extends RoleLookup {
  constructor(private readonly db: ReadDatabase) {
    super();
  }

  async rolesOf(userId: string): Promise<readonly Role[]> {
    const [found] = await this.db.query<{ roles: Role[] | null }>(rolesOf, [rolesId, userId]);
    return found?.roles ?? [];
  }

  async countAdmins(): Promise<number> {
    const [found] = await this.db.query<{ admins: number }>(admins, [rolesId]);
    return found?.admins ?? 0;
  }
}
