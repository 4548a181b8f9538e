import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { AppProcess } from '#testing/app-process.js';
import { eventually } from '#testing/eventually.js';
import { describeInFull, itInFull, profiled } from '#testing/fault-profile.js';
import { Lab } from '#testing/lab.js';
import { lasting, repeatedly } from '#testing/repeatedly.js';
import { scrape } from '#testing/scrape.js';
import type { Wire } from '#testing/wire.js';

/** How long a fault goes on, in milliseconds. */
const long = profiled({ short: 3_000, full: 30_000 });
/** A connection that has gone silent is noticed within so many milliseconds. */
const mostSilence = 30_000;
/** How often a connection to the broker is made anew in a second: at once at first, and then after pauses that grow. */
const mostReconnects = 2;

describe('A bad network', () => {
  let lab: Lab;
  let wires: readonly [api: Wire, worker: Wire, other: Wire];

  beforeAll(async () => {
    lab = await Lab.with({ apis: 0, workers: 0 });
    wires = await Promise.all([lab.wire(), lab.wire(), lab.wire()]);
    const [api, ...workers] = wires;
    await Promise.all([lab.api(api.environment), ...workers.map(({ environment }) => lab.worker(environment))]);
    await lab.load({ tasks: 100 }).finished;
  });
  afterAll(() => lab?.close());

  const setbacks = async (kind: string): Promise<number> => {
    const scrapes = await Promise.all(lab.workers.map(({ port }) => scrape(port)));
    return scrapes.reduce((sum, { value }) => sum + (value('contextflow_commit_setbacks_total', { kind }) ?? 0), 0);
  };
  const proxies = () => wires.flatMap(({ postgres, rabbitmq }) => [postgres, rabbitmq]);
  const allReady = (): Promise<unknown> => Promise.all(lab.processes.map((process) => process.ready()));

  it.each([
    ['after the server has got it: the command is found on another connection and not applied again', true],
    ['before the server has got it: the command is not found and is applied then', false],
  ])('F03: a connection is cut while COMMIT is under way, %s', async (_, forward) => {
    const times = profiled({ short: 5, full: 50 });
    const before = await setbacks('unknown');
    const [, ...workers] = wires;
    const cut = Promise.all(workers.map(({ postgres }) => postgres.cutAt('COMMIT\0', { forward, times })));
    const load = lab.load({ concurrency: 16, perSecond: 150 });
    await cut;
    await load.stop();
    await lab.check();
    expect(await setbacks('unknown')).toBeGreaterThan(before);
  });

  it('F08: connections to Postgres are ended, one or all: the work goes on, and nothing is parked', async () => {
    const load = lab.load({ concurrency: 16, perSecond: 100 });
    const end = async (most: number): Promise<number> =>
      (
        await lab.database.query(
          `with victims as materialized (
             select pid from pg_stat_activity where datname = current_database()
               and application_name like 'contextflow-%' and application_name <> 'contextflow-test'
             order by random() limit $1)
           select pg_terminate_backend(pid) from victims`,
          [most],
        )
      ).length;
    let times = 0;
    const ended = await repeatedly({ every: 200, for: long }, () => end(++times % 5 === 0 ? 1000 : 1));
    await load.reaches(load.accepted + 50);
    await load.stop();
    expect(ended.filter(Boolean).length).toBeGreaterThan(ended.length / 2);
    await lab.check();
  });

  it('F12: every connection is reset again and again: all come back by themselves, and not in a storm', async () => {
    const load = lab.load({ concurrency: 16, perSecond: 100 });
    const brokers = wires.map(({ rabbitmq }) => ({ rabbitmq, connections: rabbitmq.open, opened: rabbitmq.opened }));
    const usage = lab.usage();
    await repeatedly({ every: 500, for: long }, () => Promise.resolve(proxies().map((proxy) => proxy.reset())));
    const perSecond = brokers.map(
      ({ rabbitmq, connections, opened }) => (rabbitmq.opened - opened) / connections / (long / 1000),
    );
    await load.reaches(load.accepted + 100);
    await load.stop();
    await allReady();
    await lab.check({}, usage);
    expect(Math.max(...perSecond)).toBeLessThanOrEqual(mostReconnects);
    expect(Math.min(...perSecond)).toBeGreaterThan(0);
  });

  itInFull(
    'F22: a storm of redeliveries, as all connections of the workers are closed 25 times, kills no command',
    async () => {
      const load = lab.load({ concurrency: 32, perSecond: 300 });
      const [, ...workers] = wires;
      for (let time = 0; time < 25; time++) {
        await load.reaches(load.accepted + profiled({ short: 10, full: 100 }));
        await eventually(
          'somebody has connected again',
          () => workers.map(({ rabbitmq }) => rabbitmq.reset()).some((count) => count > 0),
          { within: 15_000, every: 20 },
        );
      }
      await load.stop();
      await allReady();
      await lab.check();
    },
  );

  itInFull('goes slowly and in crumbs: everything takes longer, and nothing else happens', async () => {
    for (const proxy of proxies()) proxy.delay(20);
    await lab.load({ tasks: 10 }).finished;
    for (const wire of wires) wire.pass();
    for (const proxy of proxies()) proxy.trickle();
    await lab.load({ tasks: 2, concurrency: 2 }).finished;
    for (const wire of wires) wire.pass();
    await lab.check();
  });

  describeInFull('that falls silent', () => {
    it('F11: open connections fall silent for ever: that is noticed within 30 seconds, and all goes on', async () => {
      const load = lab.load({ concurrency: 16, perSecond: 50 });
      await load.reaches(load.accepted + 50);
      const before = proxies().map((proxy) => proxy.opened);
      const began = performance.now();
      for (const proxy of proxies()) proxy.forget();
      await Promise.all(
        proxies().map((proxy, index) =>
          eventually(`connection ${index} is made anew`, () => proxy.opened > (before[index] as number), {
            within: mostSilence + 10_000,
          }),
        ),
      );
      expect(performance.now() - began).toBeLessThan(mostSilence);
      await load.reaches(load.accepted + 50);
      await load.stop();
      await allReady();
      await lab.check();
    });

    it('F11: a worker is cut off for a minute: another takes over, and what arrives late from the first changes nothing', async () => {
      const load = lab.load({ concurrency: 32, perSecond: 200 });
      const [, cutOff] = wires;
      await load.reaches(load.accepted + 200);
      cutOff.postgres.hold();
      cutOff.rabbitmq.hold();
      const [silent] = lab.workers as [AppProcess];
      await lasting(60_000);
      await load.reaches(load.accepted + 200);
      cutOff.pass();
      await load.stop();
      await silent.ready();
      await lab.check();
    });
  });

  it('has left no process in a state from which it cannot end', () => lab.end());
});
