import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor, type Type } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';

import { csvOf, csvType, prefersCsv } from './csv.js';
import { entityTag, isFresh } from './preconditions.js';
import { READS, type ReadsRoute } from './reads.decorator.js';
import { requestScope, type RequestScope } from './request-scope.js';

/**
 * Gives the answer of a route that reads one resource its entity tag, and says 304 to whoever has it already; writes it as
 * CSV where the route has that and its reader wants it.
 */
@Injectable()
export class ResourceInterceptor implements NestInterceptor {
  constructor(private readonly reflector: Reflector) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const route = this.routeOf(context.getHandler());
    if (!route) return next.handle();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(map((view: object) => this.show(route, view, requestScope(), reply)));
  }

  /** Undefined where a handler reads no resource. */
  routeOf(handler: object): ReadsRoute | undefined {
    return this.reflector.get<ReadsRoute | undefined>(READS, handler as Type);
  }

  /** What is sent of a view. */
  show(route: ReadsRoute, view: { readonly version?: number }, scope: RequestScope, reply: FastifyReply): unknown {
    if (route.csv) {
      reply.header('Vary', 'Accept');
      if (prefersCsv(scope.request)) {
        reply.type(`${csvType}; charset=utf-8`);
        return csvOf(route.csv, view);
      }
    }
    if (view.version === undefined) return view;
    const tag = entityTag(view.version, route.phase?.(view as never));
    reply.header('ETag', tag).header('Cache-Control', 'private, no-cache');
    if (!isFresh(scope.request.headers['if-none-match'], tag)) return view;
    scope.status = 304;
    return undefined;
  }
}
