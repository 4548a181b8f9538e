import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import type { Observable } from 'rxjs';

import { positionIn } from '../event-log/positions.js';
import { Consistency } from '../projections/consistency.js';
import { Problem } from './problem.js';
import { FOLLOWS } from './reads.decorator.js';
import { requestScope } from './request-scope.js';

/** Has a query that reads asynchronous projections wait until they show what its author names, or says that they don't. */
@Injectable()
export class ConsistencyInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly consistency: Consistency,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const projections = this.reflector.get<readonly string[] | undefined>(FOLLOWS, context.getHandler());
    const token = requestScope().request.headers['consistency-token'];
    if (!projections || token === undefined) return next.handle();
    const position = typeof token === 'string' ? positionIn(token.trim()) : undefined;
    if (!position)
      throw new Problem({
        code: 'VALIDATION_ERROR',
        reason: 'consistency_token_invalid',
        detail: 'Consistency-Token must be the position of a settled command, as its status or its answer told it',
      });
    if (!(await this.consistency.reached(projections, position)))
      context.switchToHttp().getResponse<FastifyReply>().header('Consistency', 'stale');
    return next.handle();
  }
}
