import type { DomainErrorKind } from '#kernel';

/** Why a command was refused, as it is stored by the worker and shown by the API. */
export interface Rejection {
  /** `invalid`: the message itself; otherwise the domain's kind. */
  readonly kind: DomainErrorKind | 'invalid';
  readonly reason: string;
  readonly detail: string;
  readonly errors?: readonly { pointer: string; reason: string; message: string }[];
}
