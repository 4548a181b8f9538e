import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor, type Type } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import { mergeMap, type Observable } from 'rxjs';

import { decode } from '#kernel';

import { CommandAnswers } from '../commands/command-answers.js';
import { anonymous, CommandIds, type CommandIdentity } from '../commands/command-ids.js';
import type { Accepted, SentItem } from '../commands/commands.js';
import { NoBody } from './no-body.js';
import { commandDeadline, expectedVersion } from './preconditions.js';
import { preferenceOf } from './preference.js';
import { Problem } from './problem.js';
import { pathOf } from './request-path.js';
import { requestScope, type RequestScope } from './request-scope.js';
import { SENDS, type SendsRoute } from './sends.decorator.js';

/** Gives the command of a request its id before the controller runs, and answers when it is sent. */
@Injectable()
export class CommandInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly ids: CommandIds,
    private readonly answers: CommandAnswers,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const route = this.routeOf(context.getHandler());
    if (!route) return next.handle();
    this.begin(route, requestScope());
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(mergeMap(async (sent: unknown) => this.answer(route, sent, reply)));
  }

  /** Undefined where a handler sends no command. */
  routeOf(handler: object): SendsRoute | undefined {
    return this.reflector.get<SendsRoute | undefined>(SENDS, handler as Type);
  }

  /**
   * Gives the request's command its id, and reads what its sender wants of it.
   * @throws Problem, InvalidMessage
   */
  begin(route: SendsRoute, scope: RequestScope): void {
    const { headers, body } = scope.request;
    if (!route.body && body !== undefined && body !== null) decode(NoBody, body);
    if (route.each && headers['if-match'] !== undefined) throw noVersion();
    const { id, keyHash, fingerprint } = this.#identify(scope);
    scope.command = {
      id,
      keyHash,
      fingerprint,
      expectedVersion: expectedVersion(headers['if-match']),
      deadline: commandDeadline(headers['command-deadline']),
      preference: preferenceOf(headers.prefer, route.waits),
    };
  }

  /**
   * What the route's sender is told.
   * @param sent what its handler has returned
   */
  answer(route: SendsRoute, sent: unknown, reply: FastifyReply): unknown {
    return route.each
      ? this.answers.ofEach(sent as readonly SentItem[], route.each, reply)
      : this.answers.of(sent as Accepted, route, reply);
  }

  #identify({ request, user }: RequestScope): CommandIdentity {
    const author = user?.id ?? anonymous;
    const key = request.headers['idempotency-key'];
    if (key === undefined) return this.ids.issue(author);
    if (typeof key !== 'string' || !(user ? /^[\x21-\x7e]{1,255}$/ : uuid).test(key))
      throw new Problem({
        code: 'VALIDATION_ERROR',
        reason: 'idempotency_key_invalid',
        detail: user
          ? 'Idempotency-Key must be 1 to 255 printable ASCII characters without spaces'
          : 'without an access token, Idempotency-Key must be a UUID that nobody else can guess',
      });
    const path = pathOf(request);
    return this.ids.derive({
      author,
      route: `${request.method} ${request.routeOptions.url ?? path}`,
      target: `${request.method} ${request.url}`,
      key,
      body: request.body,
      ifMatch: request.headers['if-match'],
    });
  }
}

const noVersion = (): Problem =>
  new Problem({
    code: 'VALIDATION_ERROR',
    reason: 'if_match_invalid',
    detail: 'If-Match names the version of one resource, and this request is for several: leave it out',
  });

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
