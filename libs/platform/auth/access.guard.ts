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

/** What a route states of who may use it. */
export interface AccessRoute {
  readonly policy: AccessPolicy;
  readonly counted: boolean;
}

/**
 * Lets a request through if its route is public, or its access token is good and has a role that the route asks for, and
 * its sender has not sent too many. A request counts once, whatever it is answered.
 */
@Injectable()
export class AccessGuard extends AuthGuard('access-token') implements CanActivate, OnModuleInit {
  /** By the whole header. Verifying a signature costs more than all the rest of accepting a command. */
  readonly #verified = new LRUCache<string, VerifiedToken>({ max: 10_000 });
  readonly #routes = new Map<Type, Map<object, AccessRoute>>();
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

  override canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const admitted = this.admit(this.routeOf(context.getClass(), context.getHandler()), request, () => context);
    return admitted ? admitted.then(() => true) : true;
  }

  /**
   * Lets a request through: at once, or when the promise has resolved.
   * @param context for a token that is seen for the first time
   * @throws Problem, HttpException
   */
  admit(route: AccessRoute, request: FastifyRequest, context: () => ExecutionContext): Promise<void> | undefined {
    const { policy, counted } = route;
    const { authorization } = request.headers;
    if (policy.kind === 'public' || (policy.kind === 'optional' && authorization === undefined))
      return counted ? this.limits.count(request, undefined) : undefined;
    if (authorization === undefined) return this.#refuse(request);
    const known = this.#verified.get(authorization);
    if (known && known.exp * 1_000 > Date.now()) return this.#enter(known, route, request);
    return this.#verify(context(), request).then((user) => {
      if (!user) return this.#refuse(request);
      this.#verified.set(authorization, user);
      return this.#enter(user, route, request);
    });
  }

  #enter(user: VerifiedToken, { policy, counted }: AccessRoute, request: FastifyRequest): Promise<void> | undefined {
    for (const revocations of this.#revocations) if (revocations.isRevoked(user)) return this.#refuse(request);
    const scope = requestScope();
    scope.user = user;
    scope.token = user;
    scope.userId = user.id;
    const count = counted ? this.limits.count(request, user.id) : undefined;
    if (count) return count.then(() => assertRole(user, policy));
    assertRole(user, policy);
    return undefined;
  }

  async #refuse(request: FastifyRequest): Promise<never> {
    await this.limits.countRefused(request);
    throw unauthorized(request);
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
  routeOf(controller: Type, handler: object): AccessRoute {
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

function assertRole({ roles }: VerifiedToken, policy: AccessPolicy): void {
  if (policy.kind === 'token' && policy.roles && !policy.roles.some((role) => roles.includes(role)))
    throw new ForbiddenException();
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
