import type { KeyObject } from 'node:crypto';

import { Inject, Injectable, UnauthorizedException } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { isUUID } from 'class-validator';
import { Strategy } from 'passport-jwt';

import { tokenAudience, tokenIssuer, type VerifiedToken } from './authenticated-user.js';
import { TokenKeys } from './token-keys.js';

type Claims = Readonly<Partial<Record<'sub' | 'roles' | 'sid' | 'iat' | 'exp', unknown>>>;

/** passport-jwt's own extractor takes a time that grows with the square of the header's length. */
const bearerToken = ({ headers: { authorization = '' } }: { headers: { authorization?: string } }): string | null =>
  /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization)?.[1] ?? null;

/** Verifies access tokens as this API issues them (RFC 7519, RFC 9068), and no others. The key is a KeyObject, never text. */
@Injectable()
export class AccessTokenStrategy extends PassportStrategy(Strategy, 'access-token') {
  constructor(@Inject(TokenKeys) keys: TokenKeys) {
    super({
      jwtFromRequest: bearerToken,
      secretOrKeyProvider: (_: unknown, token: string, done: (error: unknown, key?: Buffer) => void) => {
        const key = keyOf(keys, token);
        // passport-jwt's types know only text and buffers; jsonwebtoken takes a KeyObject, and is many times faster with it.
        if (key) done(null, key as unknown as Buffer);
        else done(new Error('no access token of ours'));
      },
      algorithms: ['ES256'],
      issuer: tokenIssuer,
      audience: tokenAudience,
    });
  }

  /** jsonwebtoken takes tokens without a time of issue and an expiry: we do not. */
  validate({ sub, roles, sid, iat, exp }: Claims): VerifiedToken {
    const named = Array.isArray(roles) && roles.every((role) => typeof role === 'string' && /^[a-z_]+$/.test(role));
    const timed = Number.isSafeInteger(iat) && Number.isSafeInteger(exp);
    if (!isUUID(sub) || !named || !timed || (sid !== undefined && !isUUID(sid))) throw new UnauthorizedException();
    const id = (sub as string).toLowerCase();
    const token = { id, roles: roles as string[], iat: iat as number, exp: exp as number };
    return sid === undefined ? token : { ...token, sid: (sid as string).toLowerCase() };
  }
}

/**
 * The key that a token's header names. What a header may say beside that (`jku`, `jwk`, `x5c`, `crit` …) asks for trust or
 * for extensions that none of our tokens needs.
 */
function keyOf(keys: TokenKeys, token: string): KeyObject | undefined {
  const { alg, typ, kid, ...more } = headerOf(token);
  if (alg !== 'ES256' || typ !== 'at+jwt' || typeof kid !== 'string') return undefined;
  return Object.keys(more).length === 0 ? keys.verifying(kid) : undefined;
}

function headerOf(token: string): Readonly<Record<string, unknown>> {
  try {
    const text = Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString('utf8');
    return (JSON.parse(text) as Record<string, unknown> | null) ?? {};
  } catch {
    return {};
  }
}
