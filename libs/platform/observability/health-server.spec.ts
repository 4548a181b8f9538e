import { afterEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';

import { HttpClient } from '#testing/http-client.js';
import { freePort } from '#testing/ports.js';

import { HealthServer } from './health-server.js';
import { HealthProbe, type HealthReport } from './health.js';
import { MetricsAccess } from './metrics-access.js';
import { Metrics } from './metrics.js';

class GoodHealth extends HealthProbe {
  async report(): Promise<HealthReport> {
    const healthy = { status: 'healthy' } as const;
    return { ready: true, services: { database: healthy, message_bus: healthy, worker: healthy } };
  }
}

Logger.overrideLogger(false);
const ends: (() => unknown)[] = [];
afterEach(() => Promise.all(ends.splice(0).map((end) => end())));

async function serving(token: string): Promise<HttpClient> {
  const port = await freePort();
  const served = { metrics: new Metrics('worker', '1'), access: new MetricsAccess(token, false) };
  const server = new HealthServer('127.0.0.1', port, new GoodHealth(), '1', served);
  await server.onApplicationBootstrap();
  const client = new HttpClient(port);
  ends.push(
    () => server.onApplicationShutdown(),
    () => client.close(),
  );
  return client;
}

describe('The port of a worker’s health', () => {
  it('serves the metrics beside it', async () => {
    const client = await serving('');
    expect((await client.send({ path: '/health/ready' })).status).toBe(200);
    const { status, headers, text } = await client.send({ path: '/metrics' });
    expect([status, headers['content-type']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(text).toContain('contextflow_build_info{app="worker",release="1"} 1');
  });

  it('asks for the token of the metrics, where one is set, and only there', async () => {
    const client = await serving('s3cret');
    const refused = await client.send({ path: '/metrics' });
    expect(refused).toMatchObject({ status: 401, body: { reason: 'metrics_token_required' } });
    expect(refused.headers).toMatchObject({
      'content-type': 'application/problem+json',
      'www-authenticate': 'Bearer',
    });
    expect((await client.send({ path: '/metrics', headers: { authorization: 'Bearer s3cret' } })).status).toBe(200);
    expect((await client.send({ path: '/health' })).status).toBe(200);
  });

  it('has nothing else', async () => {
    const client = await serving('');
    expect((await client.send({ path: '/' })).status).toBe(404);
    expect((await client.send({ path: '/metrics', method: 'POST' })).status).toBe(404);
    expect((await client.send({ path: '/metricsx' })).status).toBe(404);
  });
});
