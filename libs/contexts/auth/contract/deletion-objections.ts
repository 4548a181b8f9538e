import type { DomainError } from '#kernel';

/** Asked before an account is deleted, since other contexts may have something under way that needs its person. */
export abstract class DeletionObjections {
  /** What the deletion is to be rejected with, as the last committed commands left things; undefined: nothing. */
  abstract against(userId: string): Promise<DomainError | undefined>;
}
