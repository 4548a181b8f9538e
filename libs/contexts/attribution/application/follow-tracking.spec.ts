import { describe, it } from '@jest/globals';

import { TrackingEventDiscarded, TrackingEventRecorded } from '#contexts/tracking/contract/index.js';
import { send } from '#kernel';
import { policyStory } from '#testing/scenario/policy-story.js';

import { AttributionWorkerModule } from '../attribution.worker.module.js';
import { RegisterTouchpoint, RemoveTouchpoint } from '../contract/index.js';
import { firstId, happened, now, visitorId, visitorKey } from '../doubles/attribution-scenario.js';

const { partnerId, campaignId, interactionType, occurredAt, recordedAt } = happened.clicked;
const tracked = { trackingEventId: firstId, partnerId, campaignId, visitorId, interactionType, occurredAt };

describe('What was tracked', () => {
  it('is a touchpoint of its visitor', () =>
    policyStory(AttributionWorkerModule)
      .on(
        new TrackingEventRecorded({
          ...tracked,
          sourceUrl: 'https://search.example/',
          destinationUrl: 'https://shop.example/',
          recordedAt,
        }),
      )
      .then(send(new RegisterTouchpoint({ ...happened.clicked }))));

  it('is none any more once it is discarded', () =>
    policyStory(AttributionWorkerModule)
      .on(new TrackingEventDiscarded({ ...tracked, reason: 'It was a robot', discardedAt: now }))
      .then(send(new RemoveTouchpoint({ visitorKey, visitorId, touchpointId: firstId }))));
});
