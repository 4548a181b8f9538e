import { Catch, HttpException, Inject, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { DomainError, InvalidMessage } from '#kernel';

import { statusPath } from '../commands/commands.js';
import { DatabaseUnavailable, isInfrastructure } from '../database/errors.js';
import { AllowedMethods } from './allowed-methods.js';
import { codeOfKind, codeOfStatus, Problem, problemDocument } from './problem.js';

/** A body of ten thousand unknown names must not make an answer of ten thousand errors. */
const mostErrors = 50;

/** Answers every error, the framework's own too, with a problem document. What an internal error says stays in the log. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #log = new Logger('Http');

  constructor(@Inject(AllowedMethods) private readonly methods: AllowedMethods) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
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
      { ...details, errors: details.errors?.slice(0, mostErrors), more: { ...details.more, ...made } },
      request.url,
      request.scope?.correlationId,
    );
    if (request.scope) request.scope.status = undefined;
    void reply.status(problem.status).type('application/problem+json').send(JSON.stringify(document));
  }

  #problemOf(error: unknown, request: FastifyRequest): Problem {
    if (error instanceof Problem) return error;
    if (error instanceof InvalidMessage)
      return new Problem({
        code: 'VALIDATION_ERROR',
        reason: error.reason,
        detail: said(error),
        errors: error.violations,
      });
    if (error instanceof DomainError)
      return new Problem({ code: codeOfKind[error.kind], reason: error.reason, detail: error.message });
    if (error instanceof DatabaseUnavailable || isInfrastructure(error))
      return new Problem({
        code: 'UNAVAILABLE',
        reason: 'database_unavailable',
        detail: 'the database cannot be reached at present: try again',
        headers: { 'Retry-After': '2' },
      });
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

const said = ({ violations, message }: InvalidMessage): string =>
  violations.length > mostErrors ? `${violations.length} fields are not as they must be` : message;

const explanations: Readonly<Partial<Record<string, string>>> = {
  UNAUTHORIZED: 'a valid access token is needed: Authorization: Bearer <token>',
  FORBIDDEN: 'the access token lacks a role that this needs',
  UNSUPPORTED_MEDIA_TYPE: 'the body must be application/json in UTF-8',
  PAYLOAD_TOO_LARGE: 'the body is longer than this route allows',
};
