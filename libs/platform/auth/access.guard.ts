import { hash } from 'node:crypto';

import { ForbiddenException, Injectable, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';

import { requestScope } from '../http/request-scope.js';
import type { AuthenticatedUser } from './authenticated-user.js';

const PUBLIC = 'contextflow:public';
const ROLES = 'contextflow:roles';

/** The route needs no token, and does not look at one. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(PUBLIC, 'unseen');

/** The route needs no token; one that is sent all the same must be good. */
export const OptionalToken = (): MethodDecorator & ClassDecorator => SetMetadata(PUBLIC, 'checked');

/** The route needs a token with one of these roles. */
export const Roles = (...roles: string[]): MethodDecorator & ClassDecorator => SetMetadata(ROLES, roles);

type Verified = AuthenticatedUser & { readonly exp: number };

/** Lets a request through if its route is public, or its access token is good and has a role that the route asks for. */
@Injectable()
export class AccessGuard extends AuthGuard('access-token') implements CanActivate {
  /** Verifying a signature costs more than all the rest of accepting a command. */
  readonly #verified = new LRUCache<string, Verified>({ max: 10_000 });

  constructor(private readonly reflector: Reflector) {
    super();
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    const open = this.reflector.getAllAndOverride<'unseen' | 'checked' | undefined>(PUBLIC, targets);
    if (open === 'unseen') return true;
    const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
    if (open === 'checked' && headers.authorization === undefined) return true;
    const user = await this.#authenticate(context);
    const scope = requestScope();
    scope.user = user;
    scope.userId = user.id;
    const roles = this.reflector.getAllAndOverride<string[] | undefined>(ROLES, targets);
    if (roles && !roles.some((role) => user.roles.includes(role))) throw new ForbiddenException();
    return true;
  }

  async #authenticate(context: ExecutionContext): Promise<Verified> {
    const request = context.switchToHttp().getRequest<FastifyRequest & { user: Verified }>();
    const token = hash('sha256', request.headers.authorization ?? '', 'base64');
    const known = this.#verified.get(token);
    if (known && known.exp * 1000 > Date.now()) return known;
    await super.canActivate(context);
    this.#verified.set(token, request.user);
    return request.user;
  }
}
