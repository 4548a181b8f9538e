import { beforeEach, describe, expect, it } from '@jest/globals';

import { ApiMetrics } from './api-metrics.js';
import { Metrics } from './metrics.js';

const never = new Promise<never>(() => undefined);
let metrics: Metrics;

beforeEach(() => {
  metrics = new Metrics('api', '1.2.3');
});

const lines = async (start: string): Promise<string[]> =>
  (await metrics.text()).split('\n').filter((line) => line.startsWith(start));

describe('A scrape', () => {
  it('says what runs', async () => {
    expect(await lines('contextflow_build_info{')).toEqual(['contextflow_build_info{app="api",release="1.2.3"} 1']);
    expect(await lines('nodejs_eventloop_lag_p99_seconds ')).toHaveLength(1);
  });

  it('reads gauges anew, and forgets what is not there any more', async () => {
    let queues = ['a', 'b'];
    metrics.gauge({ name: 'depth', help: 'h', labels: ['queue'] }, () =>
      queues.map((queue) => ({ labels: { queue }, value: 1 })),
    );
    expect(await lines('depth{')).toHaveLength(2);
    queues = ['b'];
    expect(await lines('depth{')).toEqual(['depth{queue="b"} 1']);
  });

  it('leaves out what cannot be read, instead of calling it 0', async () => {
    metrics.gauge({ name: 'plain', help: 'h' }, () => undefined);
    metrics.gauge({ name: 'broken', help: 'h' }, () => {
      throw new Error('away');
    });
    metrics.gauge({ name: 'failing', help: 'h', labels: ['a'] }, () => Promise.reject(new Error('away')));
    metrics.gauge({ name: 'zero', help: 'h' }, () => [{ value: 0 }]);
    for (const name of ['plain', 'broken', 'failing']) expect(await lines(name)).toEqual([]);
    expect(await lines('zero')).toEqual(['zero 0']);
  });

  it('says which dependency answers, and waits a second at most for those that do not', async () => {
    metrics.dependency('here', () => true);
    metrics.dependency('away', () => false);
    metrics.dependency('silent', () => never);
    metrics.dependency('broken', () => Promise.reject(new Error('asked')));
    const began = performance.now();
    expect(await lines('contextflow_up{')).toEqual([
      'contextflow_up{dependency="here"} 1',
      'contextflow_up{dependency="away"} 0',
      'contextflow_up{dependency="silent"} 0',
      'contextflow_up{dependency="broken"} 0',
    ]);
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it('of one registry knows nothing of another', async () => {
    new Metrics('worker', '1').counter({ name: 'elsewhere', help: 'h' }).inc();
    expect(await lines('elsewhere')).toEqual([]);
  });
});

describe('The API', () => {
  it('counts accepted commands by type, and others by reason, from 0 on', async () => {
    const api = new ApiMetrics(metrics);
    expect(await lines('contextflow_commands_not_accepted_total{')).toHaveLength(7);
    api.accepted('tasks.create_task.v1');
    api.accepted('tasks.create_task.v1');
    api.notAccepted('blocked');
    expect(await lines('contextflow_commands_accepted_total{')).toEqual([
      'contextflow_commands_accepted_total{type="tasks.create_task.v1"} 2',
    ]);
    expect(await lines('contextflow_commands_not_accepted_total{reason="blocked"}')).toEqual([
      'contextflow_commands_not_accepted_total{reason="blocked"} 1',
    ]);
  });

  it('groups answers by method, route and class of status, none of which a client can invent', async () => {
    const api = new ApiMetrics(metrics);
    api.answered('GET', '/api/v1/tasks/:task_id', 200, 0.004);
    api.answered('GET', '/api/v1/tasks/:task_id', 204, 0.2);
    api.answered('BREW', 'unknown', 404, 0.001);
    const counts = (await lines('contextflow_http_request_duration_seconds_count')).toSorted();
    expect(counts).toEqual([
      'contextflow_http_request_duration_seconds_count{method="GET",route="/api/v1/tasks/:task_id",status="2xx"} 2',
      'contextflow_http_request_duration_seconds_count{method="other",route="unknown",status="4xx"} 1',
    ]);
    expect(await lines('contextflow_http_request_duration_seconds_bucket{le="0.005",method="GET"')).toEqual([
      expect.stringMatching(/ 1$/),
    ]);
  });
});
