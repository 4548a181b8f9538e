import { afterEach, describe, expect, it } from '@jest/globals';
import { fastify, type FastifyInstance } from 'fastify';

import { MetricsAccess } from '../observability/metrics-access.js';
import { Metrics } from '../observability/metrics.js';
import { serveMetrics } from './metrics-route.js';

let app: FastifyInstance | undefined;
afterEach(() => app?.close());

function scrape(token: string, production: boolean, authorization?: string) {
  app = fastify();
  serveMetrics(app, new Metrics('api', '1'), new MetricsAccess(token, production));
  return app.inject({ url: '/metrics', headers: authorization === undefined ? {} : { authorization } });
}

describe('The metrics of the API', () => {
  it('are plain text that nobody keeps', async () => {
    const { statusCode, headers, body } = await scrape('', false);
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
      'cache-control': 'no-store',
    });
    expect(body).toContain('contextflow_build_info{app="api",release="1"} 1');
  });

  it('need their token, where one is set', async () => {
    const refused = await scrape('s3cret', true);
    expect(refused.statusCode).toBe(401);
    expect(refused.headers).toMatchObject({
      'content-type': expect.stringMatching(/^application\/problem\+json/),
      'www-authenticate': 'Bearer',
    });
    expect(refused.json()).toMatchObject({ status: 401, code: 'UNAUTHORIZED', reason: 'metrics_token_required' });
    expect((await scrape('s3cret', true, 'Bearer s3cret')).statusCode).toBe(200);
  });

  it('are not there in production without one', async () => {
    expect((await scrape('', true, 'Bearer ')).statusCode).toBe(404);
  });
});
