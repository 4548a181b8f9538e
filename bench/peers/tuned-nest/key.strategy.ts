import { createSecretKey } from 'node:crypto';

import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';

import { setting } from '../setting.js';

/** With a KeyObject: jsonwebtoken tries a secret of text as a public key first, which throws at every request. */
@Injectable()
export class KeyStrategy extends PassportStrategy(Strategy) {
  constructor() {
    const key = createSecretKey(Buffer.from(setting('JWT_KEY')));
    // passport-jwt's types know only text and buffers.
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKey: key as unknown as Buffer,
      algorithms: ['HS256'],
    });
  }

  validate({ sub, roles }: { sub: string; roles: string[] }) {
    return { id: sub, roles };
  }
}
