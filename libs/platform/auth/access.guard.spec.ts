import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { newId } from '#kernel';

import { development } from '../config/development.js';
import { AllowedMethods } from '../http/allowed-methods.js';
import { ProblemFilter } from '../http/problem.filter.js';
import { RateLimits, type RequestsPerMinute } from '../http/rate-limits/rate-limits.js';
import { requestScope, type RequestScope } from '../http/request-scope.js';
import { correlation } from '../observability/correlation.js';
import { Authenticated, OptionalToken, Public, Roles, Uncounted } from './access-policy.js';
import { AccessTokenStrategy } from './access-token.strategy.js';
import { AccessTokens } from './access-tokens.js';
import { AccessGuard } from './access.guard.js';
import type { AuthenticatedUser, VerifiedToken } from './authenticated-user.js';
import { Revocations } from './revocations.js';
import { TokenKeys } from './token-keys.js';

const me = (): AuthenticatedUser | null => requestScope().user ?? null;

@Controller('api/v1')
class Routes {
  @Get('public') @Public() public(): unknown {
    return me();
  }
  @Get('optional') @OptionalToken() optional(): unknown {
    return me();
  }
  @Get('mine') @Authenticated() mine(): unknown {
    return me();
  }
  @Get('admins') @Roles('admin') admins(): unknown {
    return me();
  }
  @Get('tracking/events/seen') @OptionalToken() seen(): unknown {
    return me();
  }
}

@Controller('free')
@Uncounted()
@Public()
class Free {
  @Get() free(): unknown {
    return me();
  }
}

/** Sessions and users of which tokens are good for nothing. */
class RevokedInMemory extends Revocations {
  readonly ids = new Set<string>();
  isRevoked({ id, sid = '' }: VerifiedToken): boolean {
    return this.ids.has(id) || this.ids.has(sid);
  }
}

const keys = new TokenKeys(development.jwtKeys);
const tokens = new AccessTokens(keys, 15);
const apps: NestFastifyApplication[] = [];
afterAll(() => Promise.all(apps.map((app) => app.close())));

async function start(limits: Partial<RequestsPerMinute> = {}) {
  const revoked = new RevokedInMemory();
  const module = await Test.createTestingModule({
    imports: [DiscoveryModule],
    controllers: [Routes, Free],
    providers: [
      { provide: TokenKeys, useValue: keys },
      { provide: RateLimits, useValue: new RateLimits({ anonymous: 0, user: 0, tracking: 0, ...limits }) },
      { provide: Revocations, useValue: revoked },
      { provide: APP_GUARD, useClass: AccessGuard },
      { provide: APP_FILTER, useClass: ProblemFilter },
      AccessTokenStrategy,
      AllowedMethods,
    ],
  }).compile();
  const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  apps.push(app);
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (request: FastifyRequest, _: FastifyReply, done: () => void) => {
      const scope: RequestScope = { request, correlationId: newId() };
      request.scope = scope;
      correlation.run(scope, done);
    });
  await app.init();
  const ask = async (path: string, token?: string, remoteAddress = '192.0.2.1') => {
    const { statusCode, headers, body } = await app.inject({
      url: path,
      remoteAddress,
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    });
    return { status: statusCode, headers, body: body ? (JSON.parse(body) as unknown) : undefined };
  };
  const statuses = async (count: number, ...request: Parameters<typeof ask>): Promise<number[]> => {
    const all: number[] = [];
    for (let sent = 0; sent < count; sent++) all.push((await ask(...request)).status);
    return all;
  };
  return { ask, statuses, revoked };
}

describe('A request', () => {
  let { ask, revoked } = {} as Awaited<ReturnType<typeof start>>;
  beforeEach(async () => ({ ask, revoked } = await start()));

  const [id, sid] = [newId(), newId()];
  const { token } = tokens.sign({ id, sid, roles: ['user'], email: 'ada@example.org' });

  it('with a good token is its user’s, in the session of the token', async () => {
    const { status, body } = await ask('/api/v1/mine', token);
    expect(status).toBe(200);
    expect(body).toMatchObject({ id, sid, roles: ['user'] });
    expect((await ask('/api/v1/optional', token)).body).toMatchObject({ id });
  });

  it('of a service client has a user without a session', async () => {
    const { body } = await ask('/api/v1/mine', tokens.sign({ id, roles: ['service'] }).token);
    expect(body).toMatchObject({ id, roles: ['service'] });
    expect(body).not.toHaveProperty('sid');
  });

  it('needs a token where the route says so, and a good one wherever it is looked at', async () => {
    const without = await ask('/api/v1/mine');
    expect(without).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
    for (const path of ['/api/v1/mine', '/api/v1/optional', '/api/v1/admins'])
      expect(await ask(path, `${token}x`)).toMatchObject({
        status: 401,
        headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
        body: { code: 'UNAUTHORIZED', reason: 'unauthorized' },
      });
    expect(await ask('/api/v1/optional')).toMatchObject({ status: 200, body: null });
    expect(await ask('/api/v1/public', 'nonsense')).toMatchObject({ status: 200, body: null });
  });

  it('needs one of the roles that the route asks for', async () => {
    expect((await ask('/api/v1/admins', token)).status).toBe(403);
    expect((await ask('/api/v1/admins', tokens.sign({ id, roles: ['user', 'admin'] }).token)).status).toBe(200);
  });

  it('is refused from the moment on in which its session or its user is revoked, however often the token was good', async () => {
    for (const gone of [sid, id]) {
      expect((await ask('/api/v1/mine', token)).status).toBe(200);
      revoked.ids.add(gone);
      expect((await ask('/api/v1/mine', token)).status).toBe(401);
      expect((await ask('/api/v1/optional', token)).status).toBe(401);
      revoked.ids.clear();
    }
  });
});

describe('Too many requests', () => {
  const user = (): string => tokens.sign({ id: newId(), roles: ['user'] }).token;

  it('of an address without a token are refused, whatever the route answers', async () => {
    const { ask, statuses } = await start({ anonymous: 3 });
    expect(await statuses(1, '/api/v1/public')).toEqual([200]);
    expect(await statuses(1, '/api/v1/optional')).toEqual([200]);
    expect(await statuses(3, '/api/v1/mine')).toEqual([401, 429, 429]);
    const refused = await ask('/api/v1/public');
    expect(refused).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED', reason: 'rate_limited' } });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(await statuses(1, '/api/v1/public', undefined, '192.0.2.2')).toEqual([200]);
  });

  it('with bad tokens are counted like those without one', async () => {
    const { statuses } = await start({ anonymous: 2, user: 2 });
    expect(await statuses(3, '/api/v1/mine', `${user()}x`)).toEqual([401, 401, 429]);
    expect(await statuses(1, '/api/v1/public')).toEqual([429]);
  });

  it('of a user are refused at every address, and leave their address to others', async () => {
    const { statuses } = await start({ anonymous: 1, user: 2 });
    const token = user();
    expect(await statuses(2, '/api/v1/mine', token)).toEqual([200, 200]);
    expect(await statuses(1, '/api/v1/admins', token, '192.0.2.2')).toEqual([429]);
    expect(await statuses(1, '/api/v1/mine', user())).toEqual([200]);
    expect(await statuses(1, '/api/v1/public')).toEqual([200]);
  });

  it('of a user count even when a role is missing', async () => {
    const { statuses } = await start({ user: 2 });
    expect(await statuses(3, '/api/v1/admins', user())).toEqual([403, 403, 429]);
  });

  it('from one network of IPv6 are those of one sender', async () => {
    const { statuses } = await start({ anonymous: 1 });
    expect(await statuses(1, '/api/v1/public', undefined, '2001:db8::1')).toEqual([200]);
    expect(await statuses(1, '/api/v1/public', undefined, '2001:db8::2')).toEqual([429]);
    expect(await statuses(1, '/api/v1/public', undefined, '2001:db8:0:1::1')).toEqual([200]);
  });

  it('of tracking events have a limit of their own for each address, with a token and without', async () => {
    const { statuses } = await start({ anonymous: 1, user: 1, tracking: 3 });
    const path = '/api/v1/tracking/events/seen';
    expect(await statuses(2, path)).toEqual([200, 200]);
    expect(await statuses(2, path, user())).toEqual([200, 429]);
    expect(await statuses(1, '/api/v1/public')).toEqual([200]);
  });

  it('are never too many where nothing is counted', async () => {
    const { statuses } = await start({ anonymous: 1 });
    expect(await statuses(3, '/free')).toEqual([200, 200, 200]);
    expect(await statuses(1, '/api/v1/public')).toEqual([200]);
  });
});
