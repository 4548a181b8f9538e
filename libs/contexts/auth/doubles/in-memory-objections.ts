import { DomainError } from '#kernel';

import { ObjectionLookup } from '../application/ports.js';

export class StillNeeded extends DomainError {
  readonly kind = 'rule_violation';
  readonly reason = 'still_needed';
}

/** Another context that needs one person, and nobody else. */
export class InMemoryObjections extends ObjectionLookup {
  static readonly needed = '0196a1de-0000-7000-8000-0000000000bb';

  async against(userId: string): Promise<DomainError | undefined> {
    return userId === InMemoryObjections.needed ? new StillNeeded('there is something under way') : undefined;
  }
}
