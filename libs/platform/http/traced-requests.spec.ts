import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';

import { RecordedTraces, spanIdOf } from '#testing/recorded-traces.js';

import { activeSpan } from '../observability/tracing.js';
import { traceRequests } from './traced-requests.js';

const callers = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('The span of a request', () => {
  let traces: RecordedTraces;
  let app: FastifyInstance;
  /** The trace contexts that handlers worked in. */
  let seen: (string | undefined)[];

  function serving(): FastifyInstance {
    app = fastify();
    traceRequests(app);
    const handle = async (): Promise<object> => {
      seen.push(activeSpan.getStore()?.traceParent);
      return {};
    };
    app.post('/api/v1/boxes/:box_id', handle);
    app.get('/api/v1/stream', { config: { streams: true } }, handle);
    app.get('/api/v1/fault', () => Promise.reject(new Error('a mistake')));
    app.get('/health', handle);
    return app;
  }

  beforeEach(() => {
    traces = new RecordedTraces();
    seen = [];
  });
  afterEach(async () => {
    traces.stop();
    await app.close();
  });

  it('is part of its caller’s trace, and names the route, not the path', async () => {
    const headers = { traceparent: callers };
    await serving().inject({ method: 'POST', url: '/api/v1/boxes/somebody?q=secret', headers, payload: { a: 1 } });
    expect(traces.spans).toMatchObject([
      {
        name: 'POST /api/v1/boxes/:box_id',
        parentId: spanIdOf(callers),
        failure: undefined,
        attributes: {
          'http.request.method': 'POST',
          'http.route': '/api/v1/boxes/:box_id',
          'http.response.status_code': 200,
        },
      },
    ]);
    expect(seen).toEqual([traces.spans[0]?.traceParent]);
    expect(JSON.stringify(traces.spans)).not.toMatch(/somebody|secret/);
  });

  it('begins a trace where the caller has none', async () => {
    await serving().inject({ method: 'POST', url: '/api/v1/boxes/1', headers: { traceparent: 'nonsense' } });
    expect(traces.spans).toMatchObject([{ parentId: undefined }]);
  });

  it('has failed when the answer says that we have, not when the caller is told of a mistake', async () => {
    await serving().inject('/api/v1/fault');
    await app.inject('/api/v1/nowhere');
    expect(traces.spans).toMatchObject([
      { name: 'GET /api/v1/fault', failure: 'answered 500', attributes: { 'error.type': '500' } },
      { name: 'GET', failure: undefined, attributes: { 'http.response.status_code': 404 } },
    ]);
  });

  it('is not made of health checks, nor of streams, which have no end', async () => {
    await serving().inject('/health');
    await app.inject('/api/v1/stream');
    expect(seen).toEqual([undefined, undefined]);
    expect(traces.spans).toEqual([]);
  });

  it('is not made when nobody asks for traces', async () => {
    traces.stop();
    await serving().inject({ method: 'POST', url: '/api/v1/boxes/1' });
    expect(seen).toEqual([undefined]);
  });
});
