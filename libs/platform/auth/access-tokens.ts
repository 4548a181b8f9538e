import { randomUUID } from 'node:crypto';

import jwt from 'jsonwebtoken';

import { tokenAudience, tokenIssuer } from './authenticated-user.js';
import { TokenKeys } from './token-keys.js';

/** Whom an access token is for, and what it lets them do. */
export interface TokenGrant {
  /** A user's id, or a service client's. */
  readonly id: string;
  readonly roles: readonly string[];
  readonly email?: string;
  /** The session that it is issued in. */
  readonly sid?: string;
}

export interface IssuedToken {
  readonly token: string;
  /** How long it is good for, in seconds. */
  readonly expiresIn: number;
}

/** Issues access tokens (RFC 9068), signed with ES256 by the first of the keys. */
export class AccessTokens {
  constructor(
    private readonly keys: TokenKeys,
    /** How long a token is good for. */
    private readonly minutes: number,
  ) {}

  sign({ id, roles, email, sid }: TokenGrant): IssuedToken {
    const { kid, privateKey } = this.keys.signing;
    const expiresIn = this.minutes * 60;
    const token = jwt.sign({ email, roles, sid, jti: randomUUID() }, privateKey, {
      algorithm: 'ES256',
      header: { alg: 'ES256', typ: 'at+jwt', kid },
      subject: id,
      issuer: tokenIssuer,
      audience: tokenAudience,
      expiresIn,
    });
    return { token, expiresIn };
  }
}
