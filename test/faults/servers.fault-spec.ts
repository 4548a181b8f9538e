import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from 'amqplib';

import { newId } from '#kernel';
import type { AppProcess } from '#testing/app-process.js';
import type { Client } from '#testing/client.js';
import { eventually } from '#testing/eventually.js';
import { itInFull, profiled } from '#testing/fault-profile.js';
import { HttpClient } from '#testing/http-client.js';
import { Lab } from '#testing/lab.js';
import { lasting, repeatedly } from '#testing/repeatedly.js';
import { OwnServers } from '#testing/servers.js';

const more = profiled({ short: 200, full: 1500 });
/** How long an outage lasts, in milliseconds. */
const outage = profiled({ short: 4_000, full: 30_000 });

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
  const answered = (status: number): number => lab.ledger.answers.get(status) ?? 0;
  const refused = (): Promise<unknown> => {
    const before = answered(503);
    return eventually('commands are answered 503', () => answered(503) > before, { within: 15_000 });
  };

  /** What a client gets who sends one command now: 503, and all that he needs for another try. */
  async function refusal(client: Client): Promise<void> {
    const began = performance.now();
    const { status, headers, body } = await client.post('/tasks', { title: 'now?' }, { 'idempotency-key': newId() });
    expect({ status, body }).toMatchObject({
      status: 503,
      body: { reason: 'broker_unavailable', command_id: expect.any(String) },
    });
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(headers.location).toBe(`/api/v1/commands/${(body as { command_id: string }).command_id}`);
    expect(performance.now() - began).toBeLessThan(4_000);
    expect((await client.get('/tasks')).status).toBe(200);
  }

  it('F05: RabbitMQ is stopped for a while: commands get 503 at once, queries go on, and nobody restarts an app', async () => {
    const before = running();
    const client = lab.client(newId());
    const load = lab.load({ concurrency: 16, perSecond: 200 });
    // The heap of a process that has just started grows in any case.
    await load.reaches(profiled({ short: more, full: 4 * more }));
    const usage = lab.usage();
    const [, refusals] = await Promise.all([servers.rabbitmq.stop(), refused()]);
    expect(refusals).toBe(true);
    await repeatedly({ every: 1_000, for: outage }, () => refusal(client));
    await servers.rabbitmq.start();
    await load.reaches(load.accepted + more);
    await load.stop();
    await lab.check({}, usage);
    expect(running()).toEqual(before);
  });

  it('F06: RabbitMQ crashes under load: nothing accepted is lost, and nobody restarts an app', async () => {
    const before = running();
    const load = lab.load({ concurrency: profiled({ short: 32, full: 256 }), perSecond: 500 });
    await load.reaches(more);
    await Promise.all([servers.rabbitmq.kill(), refused()]);
    await servers.rabbitmq.start();
    await load.reaches(load.accepted + more);
    await load.stop();
    await lab.check();
    expect(running()).toEqual(before);
  });

  it('F07: Postgres crashes under load: commands go on being accepted, none is lost or parked, and nobody restarts an app', async () => {
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
    await lab.check();
    const { tried } = await lab.database.one<{ tried: number }>(
      'select count(*)::int as tried from platform.commands where attempts > 1',
    );
    expect(tried).toBe(0);
    expect(running()).toEqual(before);
  });

  const alarms: [string, string[], string[]][] = [
    ['memory', ['set_vm_memory_high_watermark', 'absolute', '1MB'], ['set_vm_memory_high_watermark', '0.4']],
    ['disk', ['set_disk_free_limit', '100000GB'], ['set_disk_free_limit', '50MB']],
  ];
  it.each(profiled({ short: alarms.slice(0, 1), full: alarms }))(
    'F09: RabbitMQ raises its %s alarm: commands get 503, what was accepted is run, and memory stays flat',
    async (_, alarm, calm) => {
      const client = lab.client(newId());
      const load = lab.load({ concurrency: 16, perSecond: 200 });
      await load.reaches(more);
      const usage = lab.usage();
      await Promise.all([servers.rabbitmq.ctl(...alarm), refused()]);
      await refusal(client);
      await lab.quiesce();
      await repeatedly({ every: 1_000, for: outage / 2 }, () => refusal(client));
      await servers.rabbitmq.ctl(...calm);
      await load.reaches(load.accepted + more);
      await load.stop();
      await lab.check({}, usage);
    },
  );

  it('F10: both are away: nothing is accepted, the apps live and say why they are not ready, and come back by themselves', async () => {
    const before = running();
    const load = lab.load({ concurrency: 16, perSecond: 200 });
    await load.reaches(50);
    await Promise.all([servers.postgres.stop('fast'), servers.rabbitmq.stop(), refused()]);
    await lasting(1_000);
    const accepted = load.accepted;
    for (const app of lab.processes.filter(({ running: runs }) => runs)) {
      await eventually(`${app.name} is not ready`, async () => (await app.health('/ready')) === 503, {
        within: 20_000,
      });
      expect(await app.health('/live')).toBe(200);
      const http = new HttpClient(app.port, 1);
      expect((await http.send({ path: '/health/ready' })).body).toMatchObject({
        services: {
          database: { status: 'unhealthy', detail: expect.stringContaining('DATABASE_URL') },
          message_bus: { status: 'unhealthy', detail: expect.stringContaining('RABBITMQ_URL') },
        },
      });
      http.close();
    }
    await lasting(outage / 2);
    expect(load.accepted).toBe(accepted);
    await Promise.all([servers.postgres.start(), servers.rabbitmq.start()]);
    await load.reaches(accepted + more);
    await load.stop();
    await lab.check();
    expect(running()).toEqual(before);
  });

  itInFull('F25: both arrive after the apps: those wait, not ready, and then work', async () => {
    await lab.end();
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
    await lab.check();
  });

  it('F23: a queue has other arguments at boot: the worker is not ready and says what to do, until that is done', async () => {
    for (const worker of lab.workers) await worker.terminate();
    const queue = lab.broker.topology.queue('tasks', 8, 3);
    await lab.broker.deleteQueue(queue);
    const model = await connect(servers.rabbitmqUrl);
    await (await model.createChannel()).assertQueue(queue, { durable: true });
    await model.close();
    const worker = await lab.spawn('worker');
    await says(worker, /exists with other arguments .* delete it/);
    expect(await worker.health('/live')).toBe(200);
    expect(await worker.health('/ready')).toBe(503);
    await lab.broker.deleteQueue(queue);
    await worker.ready();
    await lab.load({ tasks: 20 }).finished;
    await lab.check();
  });

  itInFull(
    'F23: the broker does not let a worker in at boot: it is not ready and says so, until it is let in',
    async () => {
      for (const worker of lab.workers) await worker.terminate();
      const { rabbitmq } = servers;
      await rabbitmq.ctl('add_user', 'restricted', 'restricted');
      const url = new URL(rabbitmq.url);
      url.username = url.password = 'restricted';
      const worker = await lab.spawn('worker', { RABBITMQ_URL: url.toString() });
      await says(worker, /access refused: .* set_permissions/);
      expect(await worker.health('/ready')).toBe(503);
      await rabbitmq.ctl('set_permissions', '-p', '/', 'restricted', '.*', '', '.*');
      await says(worker, /could not be (declared|set up).*ACCESS_REFUSED|ACCESS_REFUSED/i);
      expect(await worker.health('/ready')).toBe(503);
      await rabbitmq.ctl('set_permissions', '-p', '/', 'restricted', '.*', '.*', '.*');
      await worker.ready();
      await lab.load({ tasks: 20 }).finished;
      await lab.verify();
    },
  );
});

const says = (worker: AppProcess, what: RegExp): Promise<unknown> =>
  eventually(`it says ${what}`, () => worker.log().some(({ message }) => what.test(message)), {
    within: 30_000,
    every: 100,
  });
