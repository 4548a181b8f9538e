import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor, type Type } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import type { Observable } from 'rxjs';

import { positionIn } from '../event-log/positions.js';
import { Consistency } from '../projections/consistency.js';
import { Problem } from './problem.js';
import { FOLLOWS } from './reads.decorator.js';
import { requestScope, type RequestScope } from './request-scope.js';

/** Has a query that reads asynchronous projections wait until they show what its author names, or says that they don't. */
@Injectable()
export class ConsistencyInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly consistency: Consistency,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const projections = this.followedBy(context.getHandler());
    if (projections) await this.wait(projections, requestScope(), context.switchToHttp().getResponse<FastifyReply>());
    return next.handle();
  }

  /** Names of the projections that a handler reads. Undefined where it reads no asynchronous ones. */
  followedBy(handler: object): readonly string[] | undefined {
    return this.reflector.get<readonly string[] | undefined>(FOLLOWS, handler as Type);
  }

  /**
   * Undefined when there is nothing to wait for.
   * @throws Problem 400 `consistency_token_invalid`
   */
  wait(projections: readonly string[], { request }: RequestScope, reply: FastifyReply): Promise<void> | undefined {
    const token = request.headers['consistency-token'];
    if (token === undefined) return undefined;
    const position = typeof token === 'string' ? positionIn(token.trim()) : undefined;
    if (!position)
      throw new Problem({
        code: 'VALIDATION_ERROR',
        reason: 'consistency_token_invalid',
        detail: 'Consistency-Token must be the position of a settled command, as its status or its answer told it',
      });
    return this.consistency.reached(projections, position).then((reached) => {
      if (!reached) reply.header('Consistency', 'stale');
    });
  }
}
