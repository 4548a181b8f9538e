import { Repository } from '#kernel';

import type { TrackingEvent } from '../domain/tracking-event.js';

export abstract class TrackingEventRepository extends Repository<TrackingEvent> {}
