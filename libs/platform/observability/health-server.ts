import { createServer, type Server } from 'node:http';

import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';

import { healthAnswer, healthPaths, type HealthPath, type HealthProbe } from './health.js';

/** Serves `/health` and the paths below it on a port of its own, for processes that have no other. */
export class HealthServer implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #log = new Logger(HealthServer.name);
  #server: Server | undefined;

  constructor(
    private readonly host: string,
    private readonly port: number,
    private readonly probe: HealthProbe,
    private readonly version: string,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const server = createServer((request, response) => {
      const path = request.url?.startsWith('/health') ? request.url.slice('/health'.length) : undefined;
      const known = healthPaths.includes(path as HealthPath) && request.method === 'GET';
      const answer = known
        ? healthAnswer(this.probe, path as HealthPath, this.version)
        : Promise.resolve({ status: 404, body: { status: 404, title: 'there is only /health here' } });
      answer
        .catch(() => ({ status: 503, body: { status: 'unhealthy' } }))
        .then(({ status, body }) => {
          response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
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
}
