import { Injectable } from '@nestjs/common';

import { ReadDatabase } from '#platform/database/read-database.js';

import { AccountLookup } from '../../application/ports.js';

const active = {
  name: 'auth_account_active',
  text: 'select from auth.accounts where id = $1 and is_active',
};

@Injectable()
export class PostgresAccountLookup extends AccountLookup {
  constructor(private readonly db: ReadDatabase) {
    super();
  }

  async isActive(userId: string): Promise<boolean> {
    const found = await this.db.query(active, [userId]);
    return found.length > 0;
  }
}
