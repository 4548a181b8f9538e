import { Injectable } from '@nestjs/common';

import { EventLog } from '#platform/event-log/event-log.js';
import { happenings, PersonalData } from '#platform/http/personal-data.js';

import { LabourQueries } from './labour.queries.js';

/** Names, labours with all that was noted, and what happened before. */
@Injectable()
export class LabourPersonalData extends PersonalData {
  constructor(
    private readonly labours: LabourQueries,
    private readonly log: EventLog,
  ) {
    super();
  }

  async of(userId: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    const labours = await this.labours.kept(userId);
    return labours && { labours, history: happenings(await this.log.events('labour.birthing_person', userId)) };
  }
}
