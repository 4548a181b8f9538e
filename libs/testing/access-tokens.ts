import { randomUUID } from 'node:crypto';

import jwt from 'jsonwebtoken';

import { tokenAudience, tokenIssuer } from '#platform/auth/authenticated-user.js';
import { developmentSigningKey } from '#platform/config/development.js';

/** An access token for a user, good for an hour, signed as the development settings expect. */
export function accessToken(userId: string, roles: readonly string[] = ['user']): string {
  return jwt.sign({ roles, jti: randomUUID() }, developmentSigningKey, {
    algorithm: 'ES256',
    header: { alg: 'ES256', typ: 'at+jwt' },
    subject: userId,
    issuer: tokenIssuer,
    audience: tokenAudience,
    expiresIn: 3600,
  });
}
