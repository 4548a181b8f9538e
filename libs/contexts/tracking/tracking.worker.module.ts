import { repository } from '#platform/engine/aggregate-repository.js';
import { ContextWorkerModule } from '#platform/engine/context-worker-module.js';

import { DiscardTrackingEventHandler } from './application/discard-tracking-event.handler.js';
import { TrackingEventRepository } from './application/ports.js';
import { RecordTrackingEventHandler } from './application/record-tracking-event.handler.js';
import { TrackingEvent } from './domain/tracking-event.js';
import { trackingEvents } from './read-models/tracking-event.projection.js';

@ContextWorkerModule({
  name: 'tracking',
  handlers: [RecordTrackingEventHandler, DiscardTrackingEventHandler],
  projections: [trackingEvents],
  ports: [repository(TrackingEventRepository, TrackingEvent)],
})
export class TrackingWorkerModule {}
