import { afterAll, beforeAll, it } from '@jest/globals';

import { describeInFull } from '#testing/fault-profile.js';
import { Lab } from '#testing/lab.js';
import { Random } from '#testing/random.js';
import { lasting } from '#testing/repeatedly.js';
import { OwnServers } from '#testing/servers.js';
import type { Wire } from '#testing/wire.js';

const minutes = 10;
describeInFull('Ten minutes of bad luck', () => {
  let servers: OwnServers;
  let lab: Lab;
  let wires: readonly Wire[];

  beforeAll(async () => {
    servers = await OwnServers.start('soak');
    lab = await Lab.with({ apis: 0, workers: 0, servers });
    wires = await Promise.all([lab.wire(), lab.wire()]);
    await Promise.all(
      wires.flatMap(({ environment }) => [lab.api(environment), lab.worker(environment), lab.worker(environment)]),
    );
  });
  afterAll(async () => {
    await lab?.close();
    await servers?.remove();
  });

  it(
    'F30: with a fault every 5 to 20 seconds nothing is lost, doubled or reordered',
    async () => {
      const random = new Random(lab.seed);
      const load = lab.load({ concurrency: 32, perSecond: 100 });
      const faults = badLuck(random);
      const told: string[] = [];
      const end = performance.now() + minutes * 60_000;
      try {
        while (performance.now() < end) {
          await lasting(5_000 + random.below(15_000));
          const [name, strike] = random.pick(faults);
          told.push(name);
          await strike();
        }
        for (const wire of wires) wire.pass();
        await Promise.all([servers.postgres.start(), servers.rabbitmq.start()]);
        await load.reaches(load.accepted + 100);
        await load.stop();
        await lab.verify();
      } catch (error) {
        throw new Error(`${(error as Error).message}\n  faults: ${told.join(', ')}`, { cause: error });
      }
    },
    (minutes + 5) * 60_000,
  );

  function badLuck(random: Random): readonly (readonly [string, () => Promise<unknown>])[] {
    const wire = (): Wire => random.pick(wires);
    const some = (): number => 2_000 + random.below(10_000);
    return [
      [
        'a worker is killed',
        async () => {
          await random.pick(lab.workers).crash();
          await lab.worker(wire().environment);
        },
      ],
      [
        'an API is killed',
        async () => {
          await random.pick(lab.apis).crash();
          await lab.api(wire().environment);
        },
      ],
      [
        'a worker is replaced',
        async () => {
          const old = random.pick(lab.workers);
          await lab.worker(wire().environment);
          await old.terminate();
        },
      ],
      [
        'a worker is frozen',
        async () => {
          const worker = random.pick(lab.workers);
          worker.kill('SIGSTOP');
          await lasting(some());
          worker.kill('SIGCONT');
        },
      ],
      [
        'RabbitMQ crashes',
        async () => {
          await servers.rabbitmq.kill();
          await lasting(some());
          await servers.rabbitmq.start();
        },
      ],
      [
        'Postgres crashes',
        async () => {
          await servers.postgres.kill();
          await lasting(some());
          await servers.postgres.start();
        },
      ],
      [
        'all connections to Postgres are ended',
        () =>
          lab.database.query(
            `select pg_terminate_backend(pid) from pg_stat_activity
             where datname = current_database() and pid <> pg_backend_pid()`,
          ),
      ],
      [
        'connections are reset',
        () => {
          const { postgres, rabbitmq } = wire();
          return Promise.resolve(postgres.reset() + rabbitmq.reset());
        },
      ],
      [
        'open connections fall silent',
        () => {
          const { postgres, rabbitmq } = wire();
          random.pick([postgres, rabbitmq]).forget();
          return Promise.resolve();
        },
      ],
      [
        'a COMMIT loses its answer',
        () => {
          void wire().postgres.cutAt('COMMIT\0', { forward: random.below(2) === 0, times: 3 });
          return Promise.resolve();
        },
      ],
      [
        'a cable is cut for a while',
        async () => {
          const cut = wire();
          cut.postgres.hold();
          cut.rabbitmq.hold();
          await lasting(some());
          cut.pass();
        },
      ],
      [
        'the network is slow for a while',
        async () => {
          const slow = wire();
          slow.postgres.delay(30);
          slow.rabbitmq.delay(30);
          await lasting(some());
          slow.pass();
        },
      ],
    ];
  }
});
