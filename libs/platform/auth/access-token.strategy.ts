import { createPublicKey } from 'node:crypto';

import { Inject, Injectable, UnauthorizedException } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { isUUID } from 'class-validator';
import { Strategy } from 'passport-jwt';

import { ApiSettings } from '../config/settings.js';
import { tokenAudience, tokenIssuer, type AuthenticatedUser } from './authenticated-user.js';

interface Claims {
  readonly sub?: unknown;
  readonly roles?: unknown;
  readonly exp?: unknown;
}

/** passport-jwt's own extractor takes a time that grows with the square of the header's length. */
const bearerToken = ({ headers: { authorization = '' } }: { headers: { authorization?: string } }): string | null =>
  /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization)?.[1] ?? null;

/** Verifies access tokens: ES256, our issuer and audience, with an expiry. RFC 7519; the key is a KeyObject, never text. */
@Injectable()
export class AccessTokenStrategy extends PassportStrategy(Strategy, 'access-token') {
  constructor(@Inject(ApiSettings) settings: ApiSettings) {
    super({
      jwtFromRequest: bearerToken,
      // passport-jwt's types know only text and buffers; jsonwebtoken takes a KeyObject, and is many times faster with it.
      secretOrKey: createPublicKey(settings.jwtPublicKey) as unknown as Buffer,
      algorithms: ['ES256'],
      issuer: tokenIssuer,
      audience: tokenAudience,
    });
  }

  /** jsonwebtoken accepts tokens without an expiry: we do not. */
  validate({ sub, roles, exp }: Claims): AuthenticatedUser & { exp: number } {
    const named = Array.isArray(roles) && roles.every((role) => typeof role === 'string' && /^[a-z_]+$/.test(role));
    if (!isUUID(sub) || !named || typeof exp !== 'number') throw new UnauthorizedException();
    return { id: String(sub).toLowerCase(), roles: roles as string[], exp };
  }
}
