import { ContextApiModule } from '#platform/http/context-api-module.js';

import { BirthingPeopleController } from './adapters/http/birthing-people.controller.js';
import { FollowedLaboursController } from './adapters/http/followed-labours.controller.js';
import { LaboursController } from './adapters/http/labours.controller.js';
import { followedLabours } from './adapters/live/followed-labours.js';
import { BirthingPersonQueries } from './read-models/birthing-person.queries.js';
import { LabourAudienceQueries } from './read-models/labour-audience.queries.js';
import { CurrentLabourQueries, LabourQueries } from './read-models/labour.queries.js';
import { LabourPersonalData } from './read-models/personal-data.js';

@ContextApiModule({
  name: 'labour',
  tags: {
    'birthing-persons': 'Those who give birth',
    labours: 'Your own labours, from the plan to the end',
    'followed-labours': 'The labours of those whom you follow; birth partners write in them, too',
  },
  controllers: [BirthingPeopleController, FollowedLaboursController, LaboursController],
  queries: [LabourQueries, CurrentLabourQueries, BirthingPersonQueries, LabourAudienceQueries],
  personalData: LabourPersonalData,
  live: followedLabours,
})
export class LabourApiModule {}
