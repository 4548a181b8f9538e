import { Injectable } from '@nestjs/common';

import { ReadModels } from '#testing/scenario/read-models.js';

import { AccountLookup } from '../application/ports.js';
import { AccountRow } from '../read-models/account.entity.js';

/** Asks the rows that a story keeps in memory. */
@Injectable()
export class InMemoryAccountLookup extends AccountLookup {
  constructor(private readonly readModels: ReadModels) {
    super();
  }

  async isActive(userId: string): Promise<boolean> {
    return this.readModels.rows(AccountRow).some(({ id, isActive }) => id === userId && isActive);
  }
}
