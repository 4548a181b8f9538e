import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { DomainError, InvalidMessage } from '#kernel';

import { DatabaseUnavailable, isInfrastructure } from '../database/errors.js';
import { codeOfKind, codeOfStatus, Problem, problemDocument } from './problem.js';

/** Answers every error, the framework's own too, with a problem document. What an internal error says stays in the log. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #log = new Logger('Http');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    if (reply.sent) return;
    const problem = problemOf(error);
    if (problem.status >= 500 && problem.status !== 503)
      this.#log.error({
        message: 'a request failed',
        error: String(error),
        stack: error instanceof Error ? error.stack : undefined,
      });
    const { headers = {}, ...details } = problem.details;
    if (problem.status === 401) reply.header('WWW-Authenticate', 'Bearer');
    for (const [name, value] of Object.entries(headers)) reply.header(name, value);
    void reply
      .status(problem.status)
      .type('application/problem+json')
      .send(JSON.stringify(problemDocument(details, request.url, request.scope?.correlationId)));
  }
}

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof InvalidMessage)
    return new Problem({
      code: 'VALIDATION_ERROR',
      reason: error.reason,
      detail: error.message,
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
  const status = error instanceof HttpException ? error.getStatus() : (error as { statusCode?: unknown })?.statusCode;
  if (typeof status !== 'number' || status < 400 || status >= 500)
    return new Problem({
      code: 'INTERNAL_ERROR',
      reason: 'internal_error',
      detail: 'something went wrong on our side',
    });
  const code = codeOfStatus(status);
  return new Problem({ code, reason: code.toLowerCase(), detail: (error as Error).message });
}
