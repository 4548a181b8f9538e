import { Injectable } from '@nestjs/common';

import { ReadDatabase } from '#platform/database/read-database.js';

import { SubscriberLookup } from '../../application/ports.js';
import type { ContactMethod } from '../../contract/index.js';

const contactMethods = {
  name: 'subscriptions_contact_methods_of',
  text: `
    select contact_methods as methods from subscriptions.subscribers where id = $1 and registered_at is not null`,
};

@Injectable()
export class PostgresSubscriberLookup extends SubscriberLookup {
  constructor(private readonly db: ReadDatabase) {
    super();
  }

  async contactMethodsOf(subscriberId: string): Promise<readonly ContactMethod[] | undefined> {
    const [found] = await this.db.query<{ methods: readonly ContactMethod[] }>(contactMethods, [subscriberId]);
    return found?.methods;
  }
}
