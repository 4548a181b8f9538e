import { Injectable } from '@nestjs/common';

import { DeletionObjections } from '#contexts/auth/contract/index.js';
import type { DomainError } from '#kernel';
import { ReadDatabase } from '#platform/database/read-database.js';

import { LabourInProgress } from '../../domain/errors.js';

const inProgress = {
  name: 'labour_in_progress',
  text: `
    select from labour.birthing_people p, jsonb_array_elements(p.labours) as l(labour)
    where p.id = $1 and l.labour->>'phase' not in ('planned', 'complete')`,
};

/** Nobody's account goes between the beginning of a labour and its end. */
@Injectable()
export class InProgressObjections extends DeletionObjections {
  constructor(private readonly db: ReadDatabase) {
    super();
  }

  async against(userId: string): Promise<DomainError | undefined> {
    const labours = await this.db.query(inProgress, [userId]);
    return labours.length > 0 ? new LabourInProgress('the account') : undefined;
  }
}
