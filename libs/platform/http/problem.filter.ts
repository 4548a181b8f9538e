import { Catch, HttpException, Inject, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { statusPath } from '../commands/commands.js';
import { AllowedMethods } from './allowed-methods.js';
import { problemOf } from './problem-of.js';
import { codeOfStatus, Problem, problemDocument } from './problem.js';

/** Answers every error, the framework's own too, with a problem document. What an internal error says stays in the log. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #log = new Logger('Http');

  constructor(@Inject(AllowedMethods) private readonly methods: AllowedMethods) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    if (reply.sent) return;
    const problem = this.#problemOf(error, request);
    if (problem.status >= 500 && problem.status !== 503)
      this.#log.error({
        message: 'a request failed',
        error: String(error),
        stack: error instanceof Error ? error.stack : undefined,
      });
    const { headers = {}, ...details } = problem.details;
    if (problem.status === 401) reply.header('WWW-Authenticate', 'Bearer');
    for (const [name, value] of Object.entries(headers)) reply.header(name, value);
    const command = request.scope?.command;
    const made = command?.sent ? { command_id: command.id, links: { self: statusPath(command.id) } } : undefined;
    if (made) reply.header('Command-Id', made.command_id).header('Location', made.links.self);
    const document = problemDocument(
      { ...details, more: { ...details.more, ...made } },
      request.url,
      request.scope?.correlationId,
    );
    if (request.scope) request.scope.status = undefined;
    void reply.status(problem.status).type('application/problem+json').send(JSON.stringify(document));
  }

  #problemOf(error: unknown, request: FastifyRequest): Problem {
    const known = problemOf(error);
    if (known) return known;
    if (request.is404) return this.#unknownRoute(request);
    const status = error instanceof HttpException ? error.getStatus() : (error as { statusCode?: unknown })?.statusCode;
    if (typeof status !== 'number' || status < 400 || status >= 500)
      return new Problem({
        code: 'INTERNAL_ERROR',
        reason: 'internal_error',
        detail: 'something went wrong on our side: tell us the correlation id',
      });
    const code = codeOfStatus(status);
    const detail = explanations[code] ?? (error as Error).message;
    return new Problem({ code, reason: code.toLowerCase(), detail });
  }

  #unknownRoute({ method, url }: FastifyRequest): Problem {
    const allowed = this.methods.of(url);
    if (allowed.length === 0)
      return new Problem({
        code: 'NOT_FOUND',
        reason: 'route_not_found',
        detail: 'there is no such route: /openapi.json lists those that there are',
      });
    const list = allowed.join(', ');
    return new Problem({
      code: 'METHOD_NOT_ALLOWED',
      reason: 'method_not_allowed',
      detail: `${method} is not possible here: ${list} ${allowed.length > 1 ? 'are' : 'is'}`,
      headers: { Allow: list },
    });
  }
}

const explanations: Readonly<Partial<Record<string, string>>> = {
  UNAUTHORIZED: 'a valid access token is needed: Authorization: Bearer <token>',
  FORBIDDEN: 'the access token lacks a role that this needs',
  UNSUPPORTED_MEDIA_TYPE: 'the body must be application/json in UTF-8',
  PAYLOAD_TOO_LARGE: 'the body is longer than this route allows',
};
