import { Injectable } from '@nestjs/common';

import { ReadModels } from '#testing/scenario/read-models.js';

import { RoleLookup } from '../application/ports.js';
import type { Grants, Role } from '../contract/index.js';
import { RoleGrantsRow } from '../read-models/role-grants.entity.js';

/** Asks the rows that a story keeps in memory. */
@Injectable()
export class InMemoryRoleLookup extends RoleLookup {
  constructor(private readonly readModels: ReadModels) {
    super();
  }

  async rolesOf(userId: string): Promise<readonly Role[]> {
    return this.#grants()[userId] ?? [];
  }

  async countAdmins(): Promise<number> {
    return Object.values(this.#grants()).filter((roles) => roles.includes('admin')).length;
  }

  #grants(): Grants {
    const [row] = this.readModels.rows(RoleGrantsRow);
    return row?.grants ?? {};
  }
}
