import { Injectable } from '@nestjs/common';

import { ReadDatabase } from '#platform/database/read-database.js';

import { ShareLinks } from '../contract/index.js';
import { PublicAddress } from './public-address.js';

const token = {
  name: 'subscriptions_shared_token_of',
  text: "select token from subscriptions.share_settings where id = $1 and token <> ''",
};

@Injectable()
export class PostgresShareLinks extends ShareLinks {
  constructor(
    private readonly db: ReadDatabase,
    private readonly pages: PublicAddress,
  ) {
    super();
  }

  async of(birthingPersonId: string): Promise<string | undefined> {
    const [shared] = await this.db.query<{ token: string }>(token, [birthingPersonId]);
    return shared && this.pages.invitation(birthingPersonId, shared.token);
  }
}
