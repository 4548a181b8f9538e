import { createPublicKey } from 'node:crypto';

import jwt from 'jsonwebtoken';
import { LRUCache } from 'lru-cache';

import { setting } from '../setting.js';

const key = createPublicKey(setting('JWT_KEY'));
const options = {
  algorithms: ['ES256'],
  issuer: 'contextflow',
  audience: 'contextflow-api',
} satisfies jwt.VerifyOptions;
const verified = new LRUCache<string, jwt.JwtPayload>({ max: 10_000 });

/** The check of ContextFlow's tokens: ES256 by a KeyObject, with issuer and audience, once for each token. */
export function userOf({ authorization = '' }: { authorization?: string }): string | undefined {
  const token = authorization.slice('Bearer '.length);
  const known = verified.get(token);
  if (known) return (known.exp ?? 0) * 1_000 > Date.now() ? known.sub : undefined;
  try {
    const payload = jwt.verify(token, key, options) as jwt.JwtPayload;
    verified.set(token, payload);
    return payload.sub;
  } catch {
    return undefined;
  }
}
