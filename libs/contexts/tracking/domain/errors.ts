import { DomainError } from '#kernel';

export class TrackingEventNotFound extends DomainError {
  readonly kind = 'not_found';
  readonly reason = 'tracking_event_not_found';
  constructor(id: string) {
    super(`there is no tracking event ${id}`);
  }
}

export class TrackingEventAlreadyExists extends DomainError {
  readonly kind = 'conflict';
  readonly reason = 'tracking_event_already_exists';
  constructor(id: string) {
    super(`there is another tracking event ${id}: give each interaction an event_id of its own`);
  }
}

export class TrackingEventAlreadyDiscarded extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'tracking_event_already_discarded';
  constructor(id: string) {
    super(`tracking event ${id} is discarded already`);
  }
}

export class OccurredAtInFuture extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'occurred_at_in_future';
  constructor(occurredAt: Date) {
    super(`${occurredAt.toISOString()} has not come yet: send what has happened, by a clock that is right`);
  }
}

export class OccurredAtTooOld extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'occurred_at_too_old';
  constructor(occurredAt: Date) {
    super(`${occurredAt.toISOString()} is more than 90 days ago: send interactions of the last 90 days`);
  }
}
