import { Injectable } from '@nestjs/common';

import { ReadDatabase } from '#platform/database/read-database.js';

const audience = {
  name: 'labour_audience',
  text: `
    select s.record->>'subscriberId' as id, s.record->>'role' as role
    from labour.birthing_people p, jsonb_array_elements(p.subscribers) as s(record)
    where p.id = $1 and (s.record->>'subscribed')::boolean`,
};

/** Who may hear of a labour: the birthing person, and those who follow now. */
@Injectable()
export class LabourAudienceQueries {
  constructor(private readonly db: ReadDatabase) {}

  async all(birthingPersonId: string): Promise<readonly string[]> {
    const followers = await this.#followers(birthingPersonId);
    return [birthingPersonId, ...followers.map(({ id }) => id)];
  }

  /** Those who may know what is private. */
  async attending(birthingPersonId: string): Promise<readonly string[]> {
    const followers = await this.#followers(birthingPersonId);
    return [birthingPersonId, ...followers.filter(({ role }) => role === 'birth_partner').map(({ id }) => id)];
  }

  /** Those who follow and may not. */
  async others(birthingPersonId: string): Promise<readonly string[]> {
    const followers = await this.#followers(birthingPersonId);
    return followers.filter(({ role }) => role !== 'birth_partner').map(({ id }) => id);
  }

  #followers(birthingPersonId: string): Promise<{ id: string; role: string }[]> {
    return this.db.query(audience, [birthingPersonId]);
  }
}
