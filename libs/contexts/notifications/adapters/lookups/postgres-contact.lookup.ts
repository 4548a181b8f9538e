import { Injectable } from '@nestjs/common';

import { ReadDatabase } from '#platform/database/read-database.js';

import { ContactLookup } from '../../application/ports.js';
import type { ChannelChoice } from '../../contract/index.js';
import type { Contact } from '../../domain/contact.js';

interface Found {
  readonly email: string | null;
  readonly phone_number: string | null;
  readonly preferences: ChannelChoice;
  readonly is_forgotten: boolean;
}

const contact = {
  name: 'notifications_contact_of',
  text: 'select email, phone_number, preferences, is_forgotten from notifications.recipients where id = $1',
};

@Injectable()
export class PostgresContactLookup extends ContactLookup {
  constructor(private readonly db: ReadDatabase) {
    super();
  }

  async of(userId: string): Promise<Contact | undefined> {
    const [found] = await this.db.query<Found>(contact, [userId]);
    return (
      found && {
        email: found.email ?? undefined,
        phoneNumber: found.phone_number ?? undefined,
        preferences: found.preferences,
        isForgotten: found.is_forgotten,
      }
    );
  }
}
