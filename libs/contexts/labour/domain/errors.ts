import { DomainError } from '#kernel';

export class BirthingPersonNotFound extends DomainError {
  readonly kind = 'not_found';
  readonly reason = 'birthing_person_not_found';
  constructor(id: string) {
    super(`${id} is not registered as a birthing person: register first`);
  }
}

export class BirthingPersonAlreadyExists extends DomainError {
  readonly kind = 'conflict';
  readonly reason = 'birthing_person_already_exists';
  constructor() {
    super('you are registered as a birthing person already');
  }
}

/** Also for somebody else's: that it exists is not disclosed. */
export class LabourNotFound extends DomainError {
  readonly kind = 'not_found';
  readonly reason = 'labour_not_found';
  constructor() {
    super('there is no such labour');
  }
}

export class NoActiveLabour extends DomainError {
  readonly kind = 'not_found';
  readonly reason = 'no_active_labour';
  constructor() {
    super('no labour is planned or under way: plan or begin one first');
  }
}

export class ActiveLabourExists extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'active_labour_exists';
  constructor() {
    super('a labour is planned or under way already: complete or delete it first');
  }
}

export class LabourAlreadyBegun extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'labour_already_begun';
  constructor() {
    super('the labour that was planned has begun already');
  }
}

export class LabourNotBegun extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'labour_not_begun';
  constructor() {
    super('the labour is planned only: begin it first');
  }
}

export class LabourAlreadyCompleted extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'labour_already_completed';
  constructor() {
    super('the labour is complete: it does not change any more');
  }
}

export class LabourInProgress extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'labour_in_progress';
  /** @param what is to be deleted */
  constructor(what: string) {
    super(`a labour is in progress: complete it before you delete ${what}`);
  }
}

export class FirstLabourRequired extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'first_labour_required';
  constructor() {
    super('the labour was not planned: say in first_labour whether it is the first one');
  }
}

export class EndBeforeStart extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'end_before_start';
  constructor() {
    super('a labour ends neither before it has begun nor before its last contraction has ended');
  }
}

export class StartTimeInFuture extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'start_time_in_future';
  constructor() {
    super('start_time is in the future: leave it out for now');
  }
}

export class EndTimeInFuture extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'end_time_in_future';
  constructor() {
    super('end_time is in the future: leave it out for now');
  }
}

export class ContractionNotFound extends DomainError {
  readonly kind = 'not_found';
  readonly reason = 'contraction_not_found';
  constructor(id: string) {
    super(`there is no contraction ${id}`);
  }
}

export class ContractionAlreadyExists extends DomainError {
  readonly kind = 'conflict';
  readonly reason = 'contraction_already_exists';
  constructor(id: string) {
    super(`there is a contraction ${id} already: leave contraction_id out, or make a new one`);
  }
}

export class ContractionInProgress extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'contraction_in_progress';
  constructor() {
    super('the contraction is still going on: end it first');
  }
}

export class NoContractionInProgress extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'no_contraction_in_progress';
  constructor() {
    super('no contraction is going on: start one first');
  }
}

export class ContractionStartAfterEnd extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'contraction_start_after_end';
  constructor() {
    super('a contraction ends after it has started: correct start_time or end_time');
  }
}

export class ContractionsOverlap extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'contractions_overlap';
  constructor() {
    super(
      'another contraction is noted at that time: a contraction starts after those that are noted; to add an earlier one, ' +
        'start and end it now, then correct its start_time and end_time',
    );
  }
}

export class PhaseUnchanged extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'phase_unchanged';
  constructor(phase: string) {
    super(`the labour is in the phase ${phase} already`);
  }
}

export class LabourUpdateNotFound extends DomainError {
  readonly kind = 'not_found';
  readonly reason = 'labour_update_not_found';
  constructor(id: string) {
    super(`the labour has no update ${id}`);
  }
}

export class AnnouncementTooSoon extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'announcement_too_soon';
  constructor() {
    super('the last announcement is less than 10 seconds old: wait a moment');
  }
}

export class AnnouncementImmutable extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'announcement_immutable';
  constructor() {
    super('an announcement has been told to others already: post another one');
  }
}

export class GeneratedMessageImmutable extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'generated_message_immutable';
  constructor() {
    super('the message was made by the service: change its type only');
  }
}

export class NothingToUpdate extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'nothing_to_update';
  constructor() {
    super('no field is given: name at least one that is to change');
  }
}

export class AlreadySubscribed extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'already_subscribed';
  constructor() {
    super('whoever has that address follows you already');
  }
}

export class InviteLimitReached extends DomainError {
  readonly kind = 'rate_limited';
  readonly reason = 'invite_limit_reached';
  constructor() {
    super('ten invitations were sent within 24 hours: send the next one later');
  }
}
