import { TrackingEventDiscarded, TrackingEventRecorded } from '#contexts/tracking/contract/index.js';
import { policy, send } from '#kernel';

import { RegisterTouchpoint, RemoveTouchpoint, visitorKeyOf } from '../contract/index.js';

const name = 'attribution.follow_tracking';

/** One name for both: what is discarded is removed after it was registered. */
export const followTracking = [
  policy(name, TrackingEventRecorded, {
    then: ({ trackingEventId, visitorId, partnerId, campaignId, interactionType, occurredAt, recordedAt }) => [
      send(
        new RegisterTouchpoint({
          visitorKey: visitorKeyOf(visitorId),
          visitorId,
          touchpointId: trackingEventId,
          partnerId,
          campaignId,
          interactionType,
          occurredAt,
          recordedAt,
        }),
      ),
    ],
  }),
  policy(name, TrackingEventDiscarded, {
    then: ({ trackingEventId, visitorId }) => [
      send(new RemoveTouchpoint({ visitorKey: visitorKeyOf(visitorId), visitorId, touchpointId: trackingEventId })),
    ],
  }),
];
