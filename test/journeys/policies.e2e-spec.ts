import { describe, expect, it } from '@jest/globals';

import { eventually } from '#testing/eventually.js';
import { Lab } from '#testing/lab.js';

interface Announced {
  readonly type: string;
  readonly source: string;
  readonly subject: string;
  readonly data: { readonly instance_id: string; readonly service: string; readonly pid: number };
}

const everyContext = ['auth', 'users', 'tasks', 'notifications', 'labour', 'subscriptions', 'tracking', 'attribution'];

describe('A service', () => {
  it('tells the exchange of events once that it has started, and once that it stops', async () => {
    const lab = await Lab.open();
    const heard: Announced[] = [];
    const of = (pid: number): Announced[] => heard.filter(({ data }) => data.pid === pid);
    try {
      await lab.broker.overhearEvents(({ body }) => heard.push(JSON.parse(body.toString()) as Announced));
      const services = await Promise.all([lab.api(), lab.worker(), lab.worker()]);
      for (const { pid, app } of services) {
        await eventually(`the ${app} has said that it started`, () => of(pid).length === 1);
        expect(of(pid)).toMatchObject([
          {
            specversion: '1.0',
            type: 'system.service_started.v1',
            source: '/contextflow/system',
            subject: of(pid)[0]?.data.instance_id,
            sequence: '1',
            actor: `system:${app}`,
            data: {
              service: app,
              contexts: everyContext,
              release: expect.any(String),
              host: expect.any(String),
            },
          },
        ]);
      }
      expect(new Set(heard.map(({ subject }) => subject)).size).toBe(3);
      const [api, worker, victim] = services;
      await victim.crash();
      for (const service of [api, worker]) {
        expect(await service.terminate()).toEqual({ code: 0, signal: null });
        await eventually(`the ${service.app} has said that it stops`, () => of(service.pid).length === 2);
        const [started, stopped] = of(service.pid);
        expect(stopped).toMatchObject({ type: 'system.service_stopped.v1', subject: started?.subject, sequence: '2' });
      }
      expect(of(victim.pid).map(({ type }) => type)).toEqual(['system.service_started.v1']);
      expect(heard).toHaveLength(5);
    } finally {
      await lab.close();
    }
  });
});
