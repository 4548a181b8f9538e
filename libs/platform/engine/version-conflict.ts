import { DomainError } from '#kernel';

/** The aggregate is not at the version that the command was decided on. */
export class VersionConflict extends DomainError {
  readonly kind = 'version_conflict';
  readonly reason = 'version_conflict';
  constructor(expected: number, found: number) {
    super(`version ${expected} was expected, but it is at version ${found}: read it again`);
  }
}
