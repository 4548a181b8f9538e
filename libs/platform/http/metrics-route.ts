import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { MetricsAccess } from '../observability/metrics-access.js';
import type { Metrics } from '../observability/metrics.js';
import { Problem, problemDocument } from './problem.js';

export const metricsPath = '/metrics';

/**
 * Serves the metrics, outside of `/api/v1` and of the API's document. Beside Nest's routes: its token is none of a user,
 * which the access guard would refuse. Where nobody may read them there is no such route.
 */
export function serveMetrics(fastify: FastifyInstance, metrics: Metrics, access: MetricsAccess): void {
  if (!access.served) return;
  fastify.get(metricsPath, async (request: FastifyRequest, reply: FastifyReply) => {
    if (access.allows(request.headers.authorization))
      return reply
        .header('Cache-Control', 'no-store')
        .type(metrics.contentType)
        .send(await metrics.text());
    const { details, status } = refused();
    return reply
      .status(status)
      .header('WWW-Authenticate', 'Bearer')
      .type('application/problem+json')
      .send(JSON.stringify(problemDocument(details, request.url, request.scope?.correlationId)));
  });
}

const refused = (): Problem =>
  new Problem({
    code: 'UNAUTHORIZED',
    reason: 'metrics_token_required',
    detail: 'the metrics need their own token: Authorization: Bearer <METRICS_TOKEN>',
  });
