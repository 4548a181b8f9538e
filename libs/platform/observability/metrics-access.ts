import { createHash, timingSafeEqual } from 'node:crypto';

/** Who may read the metrics: whoever brings the bearer token. Without a token set, everybody. */
export class MetricsAccess {
  readonly #expected: Buffer | undefined;

  constructor(
    token: string,
    /** Not even there while no token is set: the metrics are served where anybody may come by. */
    private readonly exposed: boolean,
  ) {
    this.#expected = token === '' ? undefined : digest(`Bearer ${token}`);
  }

  /** Whether there are metrics at all. */
  get served(): boolean {
    return this.#expected !== undefined || !this.exposed;
  }

  /** Digests have one length: the comparison tells nothing of the token, not even how long it is. */
  allows(authorization: string | undefined): boolean {
    return this.#expected ? timingSafeEqual(digest(authorization ?? ''), this.#expected) : this.served;
  }
}

/** The scheme's name may be written in any case (RFC 9110, section 11.1). */
const digest = (authorization: string): Buffer =>
  createHash('sha256')
    .update(authorization.replace(/^bearer +/i, 'Bearer '))
    .digest();
