import { ContextApiModule } from '#platform/http/context-api-module.js';

import { ProfilesController } from './adapters/http/profiles.controller.js';
import { DashboardQueries } from './read-models/dashboard.queries.js';
import { UserPersonalData } from './read-models/personal-data.js';
import { ProfileQueries } from './read-models/profile.queries.js';

@ContextApiModule({
  name: 'users',
  controllers: [ProfilesController],
  queries: [ProfileQueries, DashboardQueries],
  personalData: UserPersonalData,
})
export class UsersApiModule {}
