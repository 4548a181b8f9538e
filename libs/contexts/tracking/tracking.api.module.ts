import { ContextApiModule } from '#platform/http/context-api-module.js';

import { TrackingHealthController } from './adapters/http/tracking-health.controller.js';
import { TrackingController } from './adapters/http/tracking.controller.js';
import { TrackingEventQueries } from './read-models/tracking-event.queries.js';

@ContextApiModule({
  name: 'tracking',
  tags: { tracking: 'What visitors do with what partners show' },
  controllers: [TrackingController, TrackingHealthController],
  queries: [TrackingEventQueries],
})
export class TrackingApiModule {}
