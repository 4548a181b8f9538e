import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { eventually } from '#testing/eventually.js';
import { profiled } from '#testing/fault-profile.js';
import { Lab } from '#testing/lab.js';
import { OwnServers } from '#testing/servers.js';

const more = profiled({ short: 200, full: 1500 });

describe('Servers that come and go', () => {
  let servers: OwnServers;
  let lab: Lab;

  beforeAll(async () => {
    servers = await OwnServers.start('coming-and-going');
    lab = await Lab.with({ workers: 2, servers });
  });
  afterAll(async () => {
    await lab?.close();
    await servers?.remove();
  });

  const running = (): number[] => lab.processes.filter((process) => process.running).map(({ pid }) => pid);

  it('RabbitMQ crashes under load: nothing accepted is lost, and nobody restarts an app', async () => {
    const before = running();
    const load = lab.load({ concurrency: 32, perSecond: 500 });
    await load.reaches(more);
    await servers.rabbitmq.kill();
    await eventually('commands are answered 503', () => (lab.ledger.answers.get(503) ?? 0) > 0, { within: 15_000 });
    await servers.rabbitmq.start();
    await load.reaches(load.accepted + more);
    await load.stop();
    await lab.check();
    expect(running()).toEqual(before);
  });

  it('Postgres crashes under load: commands go on being accepted, nothing is lost, and nobody restarts an app', async () => {
    const before = running();
    const load = lab.load({ concurrency: 32, perSecond: 500 });
    await load.reaches(more);
    const answers = lab.ledger.answers;
    await servers.postgres.stop('immediate');
    await load.reaches(load.accepted + more);
    await servers.postgres.start();
    await load.reaches(load.accepted + more);
    await load.stop();
    const others = ([status]: readonly [number, number]): boolean => status !== 202;
    expect([...lab.ledger.answers].filter(others)).toEqual([...answers].filter(others));
    await lab.verify();
    expect(before).toHaveLength(3);
  });

  it('both arrive after the apps: those wait, not ready, and then work', async () => {
    await lab.broker.close();
    await Promise.all([servers.postgres.stop('fast'), servers.rabbitmq.stop()]);
    const apps = await Promise.all([lab.spawn('api'), lab.spawn('worker')]);
    for (const app of apps) {
      await eventually(`${app.name} lives`, async () => (await app.health('/live')) === 200, { within: 20_000 });
      expect(await app.health('/ready')).toBe(503);
    }
    await servers.rabbitmq.start();
    for (const app of apps) expect(await app.health('/ready')).toBe(503);
    await servers.postgres.start();
    await Promise.all(apps.map((app) => app.ready(30_000)));
    await lab.load({ tasks: 20 }).finished;
    await lab.verify();
  });
});
