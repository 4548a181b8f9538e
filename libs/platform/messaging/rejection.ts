import type { DomainErrorKind } from '#kernel';

export type RejectionKind = DomainErrorKind | 'invalid' | 'key_reused';

/** Why a command was refused, as it is stored by the worker and shown by the API. */
export interface Rejection {
  /** `invalid`: the message itself; `key_reused`: another request won its `Idempotency-Key`; otherwise the domain's kind. */
  readonly kind: RejectionKind;
  readonly reason: string;
  readonly detail: string;
  readonly errors?: readonly { pointer: string; reason: string; message: string }[];
}
