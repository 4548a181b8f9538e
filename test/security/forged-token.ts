import { createPrivateKey, sign, type KeyObject } from 'node:crypto';

import { newId } from '#kernel';
import { tokenAudience, tokenIssuer } from '#platform/auth/authenticated-user.js';
import { TokenKeys } from '#platform/auth/token-keys.js';
import { development } from '#platform/config/development.js';

type Members = Readonly<Record<string, unknown>>;

export interface Forgery {
  /** Instead of the right ones, or beside them; undefined leaves one out. */
  readonly header?: Members;
  readonly claims?: Members;
  /** Instead of the claims, as text. */
  readonly payload?: string;
  /** Signs what stands before it; undefined leaves the signature empty. */
  readonly signature?: ((signed: string) => Buffer | string) | undefined;
}

export const ourKeys = new TokenKeys(development.jwtKeys);

export const base64url = (text: string): string => Buffer.from(text).toString('base64url');

/** Signs as ES256 does. */
export const es256 =
  (key: KeyObject) =>
  (signed: string): Buffer =>
    sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });

export const ourSignature = es256(ourKeys.signing.privateKey);

/** An access token as the API issues it, but for what is given; put together by hand, since libraries refuse to. */
export function forgedToken(userId: string, { header = {}, claims = {}, payload, ...rest }: Forgery = {}): string {
  const now = Math.floor(Date.now() / 1000);
  const right = {
    sub: userId,
    roles: ['user'],
    sid: newId(),
    jti: newId(),
    iat: now,
    exp: now + 600,
    iss: tokenIssuer,
    aud: tokenAudience,
  };
  const head = JSON.stringify({ alg: 'ES256', typ: 'at+jwt', kid: ourKeys.signing.kid, ...header });
  const signed = [head, payload ?? JSON.stringify({ ...right, ...claims })].map(base64url).join('.');
  const { signature = ourSignature } = rest;
  const bytes = 'signature' in rest && rest.signature === undefined ? '' : signature(signed);
  return `${signed}.${typeof bytes === 'string' ? bytes : bytes.toString('base64url')}`;
}

/** A JWK Set whose first key signs, for an API of its own. */
export const keySet = (...keys: readonly KeyObject[]): string =>
  JSON.stringify({ keys: keys.map((key) => key.export({ format: 'jwk' })) });

export const ourPrivateKey = (): KeyObject => {
  const [key] = (JSON.parse(development.jwtKeys) as { keys: [Record<string, string>] }).keys;
  return createPrivateKey({ key, format: 'jwk' });
};
