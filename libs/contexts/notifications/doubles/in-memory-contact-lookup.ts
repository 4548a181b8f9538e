import { Injectable } from '@nestjs/common';

import { ReadModels } from '#testing/scenario/read-models.js';

import { ContactLookup } from '../application/ports.js';
import type { Contact } from '../domain/contact.js';
import { RecipientRow } from '../read-models/recipient.entity.js';

/** Asks the rows that a story keeps in memory. */
@Injectable()
export class InMemoryContactLookup extends ContactLookup {
  constructor(private readonly readModels: ReadModels) {
    super();
  }

  async of(userId: string): Promise<Contact | undefined> {
    const found = this.readModels.rows(RecipientRow).find(({ id }) => id === userId);
    if (!found) return undefined;
    const { email, phoneNumber, preferences, isForgotten } = found;
    return { email: email ?? undefined, phoneNumber: phoneNumber ?? undefined, preferences, isForgotten };
  }
}
