import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';

import { setting } from '../setting.js';

/** As the documentation has it: a secret as text. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy) {
  constructor() {
    super({ jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(), secretOrKey: setting('JWT_KEY') });
  }

  validate({ sub, roles }: { sub: string; roles: string[] }) {
    return { id: sub, roles };
  }
}
