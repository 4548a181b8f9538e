import { describe, expect, it } from '@jest/globals';

import { healthAnswer, HealthProbe, type Health, type HealthPath, type HealthReport } from './health.js';

class FixedHealth extends HealthProbe {
  constructor(private readonly known: HealthReport) {
    super();
  }
  async report(): Promise<HealthReport> {
    return this.known;
  }
}

class BrokenHealth extends HealthProbe {
  async report(): Promise<HealthReport> {
    throw new Error('asked');
  }
}

const answer = (path: HealthPath, database: Health, bus: Health, worker: Health = 'healthy', ready = true) =>
  healthAnswer(
    new FixedHealth({
      ready,
      services: {
        database: { status: database, detail: 'd' },
        message_bus: { status: bus },
        worker: { status: worker },
      },
    }),
    path,
    '1.2.3',
  );

describe('Health', () => {
  it.each([
    ['healthy', 'healthy', 'healthy', 'healthy', 200],
    ['healthy', 'healthy', 'degraded', 'degraded', 200],
    ['unhealthy', 'healthy', 'healthy', 'degraded', 200],
    ['healthy', 'unhealthy', 'healthy', 'degraded', 200],
    ['unhealthy', 'unhealthy', 'healthy', 'unhealthy', 503],
  ] as const)('with database %s, bus %s and worker %s is %s (%i)', async (database, bus, worker, overall, status) => {
    expect(await answer('', database, bus, worker)).toMatchObject({
      status,
      body: { status: overall, version: '1.2.3' },
    });
  });

  it('of one service is that service’s own', async () => {
    expect(await answer('/db', 'unhealthy', 'healthy')).toEqual({
      status: 503,
      body: { status: 'unhealthy', detail: 'd' },
    });
    expect(await answer('/events', 'unhealthy', 'healthy')).toEqual({ status: 200, body: { status: 'healthy' } });
  });

  it('says not ready with 503', async () => {
    expect(await answer('/ready', 'healthy', 'healthy', 'healthy', false)).toMatchObject({
      status: 503,
      body: { status: 'not_ready' },
    });
    expect(await answer('/ready', 'healthy', 'unhealthy')).toMatchObject({ status: 200, body: { status: 'ready' } });
  });

  it('of the process itself asks nobody', async () => {
    expect(await healthAnswer(new BrokenHealth(), '/live', '1')).toEqual({ status: 200, body: { status: 'healthy' } });
  });
});
