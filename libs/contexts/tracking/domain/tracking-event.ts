import { Aggregate, fold, on, timeOf } from '#kernel';

import {
  TrackingEventDiscarded,
  TrackingEventRecorded,
  type InteractionType,
  type RecordTrackingEvent,
  type TrackingEventStatus,
  type TrackingMetadata,
} from '../contract/index.js';
import { TrackingEventAlreadyDiscarded, TrackingEventAlreadyExists, TrackingEventNotFound } from './errors.js';
import { assertRecent } from './interaction-time.js';

interface Interaction {
  readonly partnerId: string;
  readonly campaignId: string;
  readonly visitorId: string;
  readonly interactionType: InteractionType;
  readonly sourceUrl: string;
  readonly destinationUrl: string;
  readonly metadata?: TrackingMetadata;
}

interface TrackingEventState extends Interaction {
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly status: TrackingEventStatus;
}

/** One interaction of a visitor with what a partner shows, as it was told. It never changes; it may be discarded. */
export class TrackingEvent extends Aggregate<TrackingEventState> {
  static readonly streamType = 'tracking.tracking_event';
  static readonly NotFound = TrackingEventNotFound;

  protected readonly evolve = fold<TrackingEventState>(
    on(TrackingEventRecorded, (_, event) => ({
      ...interactionOf(event),
      occurredAt: event.occurredAt,
      recordedAt: event.recordedAt,
      status: 'recorded',
    })),
    on(TrackingEventDiscarded, (event) => ({ ...event, status: 'discarded' })),
  );

  /** Told again with the same content, it changes nothing. */
  tell(command: RecordTrackingEvent, at: Date): void {
    if (this.exists) return this.#assertSame(command);
    const { occurredAt } = command;
    const occurred = occurredAt === undefined ? at : timeOf(occurredAt);
    assertRecent(occurred, at);
    this.record(
      new TrackingEventRecorded({
        trackingEventId: this.id,
        ...interactionOf(command),
        occurredAt: occurred.toISOString(),
        recordedAt: at.toISOString(),
      }),
    );
  }

  discard(reason: string, at: Date): void {
    const { partnerId, campaignId, visitorId, interactionType, occurredAt, status } = this.state;
    if (status === 'discarded') throw new TrackingEventAlreadyDiscarded(this.id);
    const interaction = { partnerId, campaignId, visitorId, interactionType, occurredAt };
    this.record(
      new TrackingEventDiscarded({ trackingEventId: this.id, ...interaction, reason, discardedAt: at.toISOString() }),
    );
  }

  #assertSame(command: RecordTrackingEvent): void {
    const { occurredAt, recordedAt } = this.state;
    // Who leaves the time out means the moment of acceptance, which a repetition cannot have.
    const sameTime =
      command.occurredAt === undefined
        ? occurredAt === recordedAt
        : timeOf(command.occurredAt).toISOString() === occurredAt;
    if (!sameTime || contentOf(command) !== contentOf(this.state)) throw new TrackingEventAlreadyExists(this.id);
  }
}

const interactionOf = ({
  partnerId,
  campaignId,
  visitorId,
  interactionType,
  sourceUrl,
  destinationUrl,
  metadata,
}: Interaction): Interaction => ({
  partnerId,
  campaignId,
  visitorId,
  interactionType,
  sourceUrl,
  destinationUrl,
  metadata,
});

/** The same text for the same interaction, in whatever order the names of its metadata come. */
function contentOf(interaction: Interaction): string {
  const { metadata = {}, ...rest } = interactionOf(interaction);
  return JSON.stringify([Object.values(rest), Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
