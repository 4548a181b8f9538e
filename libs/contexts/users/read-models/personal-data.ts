import { Injectable } from '@nestjs/common';

import { EventLog } from '#platform/event-log/event-log.js';
import { happenings, PersonalData } from '#platform/http/personal-data.js';

import { ProfileQueries } from './profile.queries.js';

/** The profile, and what it said before. */
@Injectable()
export class UserPersonalData extends PersonalData {
  constructor(
    private readonly profiles: ProfileQueries,
    private readonly log: EventLog,
  ) {
    super();
  }

  async of(userId: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    const profile = await this.profiles.of(userId);
    return profile && { profile, history: happenings(await this.log.events('users.user', userId)) };
  }
}
