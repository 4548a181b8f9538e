import { fold, on, projection } from '#kernel';

import { TrackingEventDiscarded, TrackingEventRecorded } from '../contract/index.js';
import { TrackingEventRow } from './tracking-event.entity.js';

export const trackingEvents = projection('tracking.tracking_events', TrackingEventRow, {
  inline: true,
  fold: fold(
    on(TrackingEventRecorded, (_, event) => ({
      id: event.trackingEventId,
      partnerId: event.partnerId,
      campaignId: event.campaignId,
      visitorId: event.visitorId,
      interactionType: event.interactionType,
      sourceUrl: event.sourceUrl,
      destinationUrl: event.destinationUrl,
      metadata: event.metadata ?? null,
      status: 'recorded',
      occurredAt: new Date(event.occurredAt),
      recordedAt: new Date(event.recordedAt),
      discardedAt: null,
      discardReason: null,
    })),
    on(TrackingEventDiscarded, (row, { reason, discardedAt }) => ({
      ...row,
      status: 'discarded',
      discardedAt: new Date(discardedAt),
      discardReason: reason,
    })),
  ),
});
