import { createServer, type Server } from 'node:http';

import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';

import { healthAnswer, healthPaths, type HealthPath, type HealthProbe } from './health.js';
import type { MetricsAccess } from './metrics-access.js';
import type { Metrics } from './metrics.js';

export interface ServedMetrics {
  readonly metrics: Metrics;
  readonly access: MetricsAccess;
}

interface Answer {
  readonly status: number;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>> | string;
}

/** Serves `/health` with the paths below it, and `/metrics`, on a port of its own, for processes that have no other. */
export class HealthServer implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #log = new Logger(HealthServer.name);
  #server: Server | undefined;

  constructor(
    private readonly host: string,
    private readonly port: number,
    private readonly probe: HealthProbe,
    private readonly version: string,
    private readonly served?: ServedMetrics,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const server = createServer((request, response) => {
      const path = request.method === 'GET' ? (request.url ?? '').split('?', 1)[0] : '';
      this.#answer(path ?? '', request.headers.authorization)
        .catch((): Answer => ({ status: 503, body: { status: 'unhealthy' } }))
        .then(({ status, type = 'application/json', headers, body }) => {
          response
            .writeHead(status, { 'content-type': type, ...headers })
            .end(typeof body === 'string' ? body : JSON.stringify(body));
        })
        .catch(() => response.destroy());
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) =>
        reject(new Error(`WORKER_HEALTH_PORT ${this.port} cannot be used: ${error.message}`)),
      );
      server.listen(this.port, this.host, resolve);
    });
    this.#server = server;
    const address = server.address();
    this.#log.log({ message: 'health is served', port: typeof address === 'object' ? address?.port : this.port });
  }

  async onApplicationShutdown(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise<void>((resolve) => (this.#server ? this.#server.close(() => resolve()) : resolve()));
  }

  async #answer(path: string, authorization: string | undefined): Promise<Answer> {
    const health = path.startsWith('/health') ? path.slice('/health'.length) : undefined;
    if (healthPaths.includes(health as HealthPath)) return healthAnswer(this.probe, health as HealthPath, this.version);
    if (path !== '/metrics' || !this.served?.access.served)
      return { status: 404, body: { status: 404, title: 'there are only /health and /metrics here' } };
    const { metrics, access } = this.served;
    if (access.allows(authorization)) return { status: 200, type: metrics.contentType, body: await metrics.text() };
    return {
      status: 401,
      type: 'application/problem+json',
      headers: { 'www-authenticate': 'Bearer' },
      body: {
        type: '/problems/metrics_token_required',
        title: 'Unauthorized',
        status: 401,
        detail: 'the metrics need their own token: Authorization: Bearer <METRICS_TOKEN>',
        code: 'UNAUTHORIZED',
        reason: 'metrics_token_required',
      },
    };
  }
}
