import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';

import { CommandIds } from '../commands/command-ids.js';
import { statusPath, type Accepted } from '../commands/commands.js';
import { assertPlainJson } from './plain-json.js';
import { Problem } from './problem.js';
import { requestScope, type RequestScope } from './request-scope.js';
import { SENDS } from './sends.decorator.js';

/** Gives the command of a request its id before the controller runs, and its answer the `Location`. */
@Injectable()
export class CommandInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly ids: CommandIds,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (!this.reflector.get<string | undefined>(SENDS, context.getHandler())) return next.handle();
    const scope = requestScope();
    scope.command = this.#identify(scope);
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      map((accepted: Accepted) => {
        reply.header('Location', statusPath(accepted.command_id));
        return accepted;
      }),
    );
  }

  #identify({ request, user }: RequestScope): ReturnType<CommandIds['issue']> {
    const author = user?.id ?? 'anonymous';
    const key = request.headers['idempotency-key'];
    if (key === undefined) return this.ids.issue(author);
    if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key))
      throw new Problem({
        code: 'VALIDATION_ERROR',
        reason: 'idempotency_key_invalid',
        detail: 'Idempotency-Key must be 1 to 255 printable ASCII characters without spaces',
      });
    assertPlainJson(request.body);
    const path = request.url.split('?')[0] as string;
    return this.ids.derive({
      author,
      route: `${request.method} ${request.routeOptions.url ?? path}`,
      target: `${request.method} ${path}`,
      key,
      body: request.body,
    });
  }
}
