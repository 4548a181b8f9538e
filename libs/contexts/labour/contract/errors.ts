import { DomainError } from '#kernel';

// It stands here because the domain is not alone in raising it: the API's limiter does beforehand.

export class InviteLimitReached extends DomainError {
  readonly kind = 'rate_limited';
  readonly reason = 'invite_limit_reached';
  constructor() {
    super('ten invitations were sent within a day: send the next one tomorrow');
  }
}
