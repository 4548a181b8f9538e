import { describe, it } from '@jest/globals';

import { DiscardTrackingEvent } from '../contract/index.js';
import { TrackingEventAlreadyDiscarded, TrackingEventNotFound } from '../domain/errors.js';
import { discarded, now, recorded, trackingEventId, trackingScenario } from '../doubles/tracking-scenario.js';
import { TrackingEventRow } from '../read-models/tracking-event.entity.js';

const discard = new DiscardTrackingEvent({ trackingEventId, reason: 'It was a robot' });

describe('Discarding an interaction', () => {
  it('tells which and why', () => trackingScenario().given(recorded()).when(discard).then(discarded()));

  it('leaves it to be seen', () =>
    trackingScenario()
      .given(recorded())
      .when(discard)
      .thenRow(TrackingEventRow, trackingEventId, {
        status: 'discarded',
        visitorId: 'v-81f3',
        discardedAt: new Date(now),
        discardReason: 'It was a robot',
      }));

  it('happens once', () =>
    trackingScenario().given(recorded(), discarded()).when(discard).thenRejected(TrackingEventAlreadyDiscarded));

  it('is refused where there is none', () => trackingScenario().when(discard).thenRejected(TrackingEventNotFound));
});
