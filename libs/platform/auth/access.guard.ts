import { hash } from 'node:crypto';

import {
  ForbiddenException,
  Injectable,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
  type OnModuleInit,
  type Type,
} from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';

import { Problem } from '../http/problem.js';
import { RateLimits } from '../http/rate-limits/rate-limits.js';
import { requestScope } from '../http/request-scope.js';
import { isUncounted, policyOf, type AccessPolicy } from './access-policy.js';
import type { VerifiedToken } from './authenticated-user.js';
import { providedRevocations, type Revocations } from './revocations.js';

interface Route {
  readonly policy: AccessPolicy;
  readonly counted: boolean;
}

/**
 * Lets a request through if its route is public, or its access token is good and has a role that the route asks for, and
 * its sender has not sent too many. A request counts once, whatever it is answered.
 */
@Injectable()
export class AccessGuard extends AuthGuard('access-token') implements CanActivate, OnModuleInit {
  /** Verifying a signature costs more than all the rest of accepting a command. */
  readonly #verified = new LRUCache<string, VerifiedToken>({ max: 10_000 });
  readonly #routes = new Map<Type, Map<object, Route>>();
  #revocations: readonly Revocations[] = [];

  constructor(
    private readonly limits: RateLimits,
    private readonly discovery: DiscoveryService,
  ) {
    super();
  }

  /** Contexts provide them: they are found when all contexts are there. */
  onModuleInit(): void {
    this.#revocations = providedRevocations(this.discovery);
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const { policy, counted } = this.#routeOf(context);
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (policy.kind === 'public' || (policy.kind === 'optional' && request.headers.authorization === undefined)) {
      if (counted) await this.limits.count(request, undefined);
      return true;
    }
    const user = await this.#authenticate(context, request);
    if (!user) {
      await this.limits.countRefused(request);
      throw unauthorized(request);
    }
    const scope = requestScope();
    scope.user = user;
    scope.token = user;
    scope.userId = user.id;
    if (counted) await this.limits.count(request, user.id);
    if (policy.kind === 'token' && policy.roles && !policy.roles.some((role) => user.roles.includes(role)))
      throw new ForbiddenException();
    return true;
  }

  /** @returns undefined when the token is not good, or not any more */
  async #authenticate(context: ExecutionContext, request: FastifyRequest): Promise<VerifiedToken | undefined> {
    const { authorization } = request.headers;
    if (authorization === undefined) return undefined;
    const key = hash('sha256', authorization, 'base64');
    let user = this.#verified.get(key);
    if (!user || user.exp * 1000 <= Date.now()) {
      user = await this.#verify(context, request);
      if (!user) return undefined;
      this.#verified.set(key, user);
    }
    for (const revocations of this.#revocations) if (revocations.isRevoked(user)) return undefined;
    return user;
  }

  async #verify(context: ExecutionContext, request: FastifyRequest): Promise<VerifiedToken | undefined> {
    try {
      await super.canActivate(context);
      return (request as FastifyRequest & { user: VerifiedToken }).user;
    } catch (error) {
      if (error instanceof UnauthorizedException) return undefined;
      throw error;
    }
  }

  /** Looked up once: metadata are slow. */
  #routeOf(context: ExecutionContext): Route {
    const controller = context.getClass();
    const handler = context.getHandler();
    let routes = this.#routes.get(controller);
    if (!routes) this.#routes.set(controller, (routes = new Map()));
    let route = routes.get(handler);
    if (!route) {
      route = { policy: policyOf(controller, handler) ?? { kind: 'token' }, counted: !isUncounted(controller) };
      routes.set(handler, route);
    }
    return route;
  }
}

/** RFC 6750, section 3: whoever has sent no token is told of no error. */
const unauthorized = ({ headers: { authorization } }: FastifyRequest): Error =>
  authorization === undefined
    ? new UnauthorizedException()
    : new Problem({
        code: 'UNAUTHORIZED',
        reason: 'unauthorized',
        detail: 'the access token is not valid, or not any more: get another, and send Authorization: Bearer <token>',
        headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
      });
