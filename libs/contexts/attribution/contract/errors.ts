import { DomainError } from '#kernel';

/** Raised by an aggregate, and by the index over the conversions of all visitors. */
export class ConversionAlreadyExists extends DomainError {
  readonly kind = 'conflict';
  readonly reason = 'conversion_already_exists';
  constructor() {
    super('there is another conversion of that external_id: send what was sent first, or give this one its own');
  }
}
