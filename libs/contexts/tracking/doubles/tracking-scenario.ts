import { scenario, type Scenario } from '#testing/scenario/scenario.js';

import { RecordTrackingEvent, TrackingEventDiscarded, TrackingEventRecorded } from '../contract/index.js';
import { TrackingWorkerModule } from '../tracking.worker.module.js';

/** Begins a story of this context. */
export const trackingScenario = (): Scenario => scenario(TrackingWorkerModule);

export const trackingEventId = '0196a1de-0000-7000-8000-0000000000e1';
/** When commands are accepted in a story. */
export const now = '2026-03-01T10:00:00.000Z';
/** When what is given has happened. */
export const before = '2026-03-01T09:00:00.000Z';

export const interaction = {
  partnerId: 'search.example',
  campaignId: 'spring-sale',
  visitorId: 'v-81f3',
  interactionType: 'click',
} as const;

export const addresses = {
  sourceUrl: 'https://search.example/?q=cribs',
  destinationUrl: 'https://shop.example/cribs?utm_campaign=spring-sale',
} as const;

/** That the interaction is told, as it is unless said otherwise. */
export const record = (fields: Partial<RecordTrackingEvent> = {}): RecordTrackingEvent =>
  new RecordTrackingEvent({ trackingEventId, ...interaction, ...addresses, ...fields });

export const recorded = (fields: Partial<TrackingEventRecorded> = {}): TrackingEventRecorded =>
  new TrackingEventRecorded({
    trackingEventId,
    ...interaction,
    ...addresses,
    occurredAt: before,
    recordedAt: before,
    ...fields,
  });

export const discarded = (fields: Partial<TrackingEventDiscarded> = {}): TrackingEventDiscarded =>
  new TrackingEventDiscarded({
    trackingEventId,
    ...interaction,
    occurredAt: before,
    reason: 'It was a robot',
    discardedAt: now,
    ...fields,
  });
