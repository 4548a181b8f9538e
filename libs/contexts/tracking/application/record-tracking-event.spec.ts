import { describe, it } from '@jest/globals';

import { OccurredAtInFuture, OccurredAtTooOld, TrackingEventAlreadyExists } from '../domain/errors.js';
import {
  before,
  discarded,
  now,
  record,
  recorded,
  trackingEventId,
  trackingScenario,
} from '../doubles/tracking-scenario.js';
import { TrackingEventRow } from '../read-models/tracking-event.entity.js';

describe('Recording an interaction', () => {
  it('tells who did what, and when it was accepted', () =>
    trackingScenario()
      .when(record({ occurredAt: '2026-02-28T12:00:00+02:00', metadata: { placement: 'top', rank: 2 } }))
      .then(
        recorded({
          occurredAt: '2026-02-28T10:00:00.000Z',
          recordedAt: now,
          metadata: { placement: 'top', rank: 2 },
        }),
      ));

  it('takes the time of acceptance where none is said', () =>
    trackingScenario()
      .when(record())
      .then(recorded({ occurredAt: now, recordedAt: now })));

  it('may be said by a clock that is five minutes ahead', () =>
    trackingScenario()
      .when(record({ occurredAt: '2026-03-01T10:05:00Z' }))
      .then(recorded({ occurredAt: '2026-03-01T10:05:00.000Z', recordedAt: now })));

  it('does not happen before it has', () =>
    trackingScenario()
      .when(record({ occurredAt: '2026-03-01T10:05:00.001Z' }))
      .thenRejected(OccurredAtInFuture));

  it('may be 90 days late', () =>
    trackingScenario()
      .when(record({ occurredAt: '2025-12-01T10:00:00Z' }))
      .then(recorded({ occurredAt: '2025-12-01T10:00:00.000Z', recordedAt: now })));

  it('does not happen later than that', () =>
    trackingScenario()
      .when(record({ occurredAt: '2025-12-01T09:59:59.999Z' }))
      .thenRejected(OccurredAtTooOld));

  it('shows at once', () =>
    trackingScenario()
      .when(record())
      .thenRow(TrackingEventRow, trackingEventId, {
        partnerId: 'search.example',
        campaignId: 'spring-sale',
        visitorId: 'v-81f3',
        interactionType: 'click',
        sourceUrl: 'https://search.example/?q=cribs',
        destinationUrl: 'https://shop.example/cribs?utm_campaign=spring-sale',
        metadata: null,
        status: 'recorded',
        occurredAt: new Date(now),
        recordedAt: new Date(now),
        discardedAt: null,
        discardReason: null,
      }));
});

describe('Recording an interaction again under its id', () => {
  const metadata = { placement: 'top', rank: 2 };

  it('changes nothing', () =>
    trackingScenario()
      .given(recorded({ occurredAt: '2026-02-28T10:00:00.000Z', metadata }))
      .when(record({ occurredAt: '2026-02-28T10:00:00Z', metadata: { rank: 2, placement: 'top' } }))
      .thenNothing());

  it('changes nothing without a time either, where there was none before', () =>
    trackingScenario().given(recorded()).when(record()).thenNothing());

  it('changes nothing when it is too old by now', () =>
    trackingScenario()
      .given(recorded({ occurredAt: '2025-11-01T10:00:00.000Z' }))
      .when(record({ occurredAt: '2025-11-01T10:00:00Z' }))
      .thenNothing());

  it('changes nothing after it was discarded', () =>
    trackingScenario().given(recorded(), discarded()).when(record()).thenNothing());

  it.each([
    { partnerId: 'other.example' },
    { campaignId: 'autumn-sale' },
    { visitorId: 'v-0' },
    { interactionType: 'view' },
    { sourceUrl: 'https://search.example/?q=cots' },
    { destinationUrl: 'https://shop.example/cots' },
    { metadata: { placement: 'bottom' } },
    { occurredAt: '2026-03-01T08:59:59Z' },
  ] as const)('is refused with another content: %j', (other) =>
    trackingScenario().given(recorded()).when(record(other)).thenRejected(TrackingEventAlreadyExists),
  );

  it('is refused with a time left out that was said before', () =>
    trackingScenario()
      .given(recorded({ occurredAt: '2026-02-28T10:00:00.000Z' }))
      .when(record())
      .thenRejected(TrackingEventAlreadyExists));

  it('may say the time that was taken before', () =>
    trackingScenario()
      .given(recorded())
      .when(record({ occurredAt: before }))
      .thenNothing());
});
