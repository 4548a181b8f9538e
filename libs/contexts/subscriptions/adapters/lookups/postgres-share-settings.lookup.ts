import { Injectable } from '@nestjs/common';

import { ReadDatabase } from '#platform/database/read-database.js';

import { ShareSettingsLookup, type Admission } from '../../application/ports.js';

const admission = {
  name: 'subscriptions_admission_of',
  text: `
    select token, approval_required as "approvalRequired" from subscriptions.share_settings
    where id = $1 and token <> ''`,
};

@Injectable()
export class PostgresShareSettingsLookup extends ShareSettingsLookup {
  constructor(private readonly db: ReadDatabase) {
    super();
  }

  async of(birthingPersonId: string): Promise<Admission | undefined> {
    const [found] = await this.db.query<Admission>(admission, [birthingPersonId]);
    return found;
  }
}
