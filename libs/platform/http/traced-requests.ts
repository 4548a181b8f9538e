import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { activeSpan, tracing, type Span } from '../observability/tracing.js';
import { streams } from './streams.decorator.js';

declare module 'fastify' {
  interface FastifyRequest {
    span?: Span;
  }
}

/**
 * Makes a span of each request to the API proper, as part of the trace that its `traceparent` names. Not of streams, which
 * last as long as somebody listens. Paths are told as patterns alone: what stands in them is others' business.
 */
export function traceRequests(fastify: FastifyInstance): void {
  const { tracer } = tracing;
  if (!tracer) return;
  fastify.addHook('onRequest', (request: FastifyRequest, _: FastifyReply, done: () => void) => {
    if (!request.url.startsWith('/api/') || streams(request)) return done();
    const { method, headers, protocol, hostname, routeOptions } = request;
    const route = request.is404 ? undefined : routeOptions.url;
    request.span = tracer.start(route === undefined ? method : `${method} ${route}`, {
      kind: 'server',
      parent: typeof headers.traceparent === 'string' ? headers.traceparent : undefined,
      attributes: {
        'http.request.method': method,
        'http.route': route,
        'url.scheme': protocol,
        'server.address': hostname,
      },
    });
    activeSpan.run(request.span, done);
  });
  // Reading a body resumes outside of the span that it began in.
  fastify.addHook('preValidation', (request: FastifyRequest, _: FastifyReply, done: () => void) => {
    if (request.span) activeSpan.run(request.span, done);
    else done();
  });
  fastify.addHook('onResponse', (request: FastifyRequest, { statusCode }: FastifyReply, done: () => void) => {
    request.span?.set({
      'http.response.status_code': statusCode,
      'error.type': statusCode >= 500 ? String(statusCode) : undefined,
      'contextflow.correlation_id': request.scope?.correlationId,
      'contextflow.command.id': request.scope?.command?.id,
    });
    if (statusCode >= 500) request.span?.fail(`answered ${statusCode}`);
    request.span?.end();
    done();
  });
}
