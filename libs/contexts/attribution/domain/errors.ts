import { DomainError } from '#kernel';

export class ConversionNotFound extends DomainError {
  readonly kind = 'not_found';
  readonly reason = 'conversion_not_found';
  constructor(id: string) {
    super(`there is no conversion ${id}`);
  }
}

export class ConversionAlreadyReversed extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'conversion_already_reversed';
  constructor(id: string) {
    super(`the conversion ${id} has been reversed, which is final: record another one if there was one`);
  }
}

export class OccurredAtInFuture extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'occurred_at_in_future';
  constructor(occurredAt: string) {
    super(`${occurredAt} is in the future: leave occurred_at out for now`);
  }
}

export class OccurredAtTooOld extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'occurred_at_too_old';
  constructor(occurredAt: string, days: number) {
    super(`${occurredAt} is more than ${days} days ago: record what is younger`);
  }
}

export class WeightsInvalid extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'weights_invalid';
  constructor() {
    super('first_weight and last_weight must be at most 1 together: lower one of them');
  }
}

export class SettingsNotFound extends DomainError {
  readonly kind = 'not_found';
  readonly reason = 'attribution_settings_not_found';
  constructor(id: string) {
    super(`there are no settings ${id}`);
  }
}
