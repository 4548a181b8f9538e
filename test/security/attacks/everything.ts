import { beforeAll, describe, expect, it } from '@jest/globals';

import { eventually } from '#testing/eventually.js';
import { profiled } from '#testing/fault-profile.js';
import { runSeed } from '#testing/random.js';

import { ApiDocument } from '../api-document.js';
import { Fuzzer } from '../fuzzing/fuzzer.js';
import type { Installation } from '../installation.js';
import { account, Target } from '../target.js';

const durations = profiled({
  short: { worker: 10_000, noWorker: 4_000 },
  full: { worker: 200_000, noWorker: 100_000 },
});
/** The long profile looks for what is not known yet; what gates a change asks the same of every change. */
const seed = profiled({ short: Number(process.env.SEED ?? 1), full: runSeed() });

export const everything = (installation: () => Installation): void =>
  describe(`Every route, asked for everything (A31, SEED=${seed})`, () => {
    let target: Target;
    let fuzzer: Fuzzer;

    beforeAll(async () => {
      target = await Target.at(installation());
      fuzzer = new Fuzzer(target, await ApiDocument.of(target.owner.http), await account(installation()));
    });

    const sum = (): number => [...fuzzer.statuses.values()].reduce((all, count) => all + count, 0);

    it(
      'A31: answers as its document says',
      async () => {
        await fuzzer.run({ seed, duration: durations.worker, together: 16 });
        expect(sum()).toBeGreaterThan(200);
        // Else it would have tested nothing but the validation.
        for (const status of [200, 201, 202, 400, 401, 404])
          expect({ status, seen: fuzzer.statuses.has(status) }).toEqual({ status, seen: true });
      },
      durations.worker + 30_000,
    );

    it(
      'A31: and also while no worker runs',
      async () => {
        await Promise.all(target.lab.workers.map((worker) => worker.terminate()));
        await fuzzer.run({ seed: seed + 1, duration: durations.noWorker, together: 60 });
        expect([...fuzzer.statuses.keys()].filter((status) => status >= 500 && status !== 503)).toEqual([]);
      },
      durations.noWorker + 60_000,
    );

    it('A31: and what was accepted meanwhile comes to its end: nothing is stuck, nobody has died', async () => {
      await installation().worker();
      const { broker, database, apis, workers } = target.lab;
      await eventually(
        'all queues are empty',
        async () => {
          const waiting = await Promise.all(broker.queues(['tasks']).map((queue) => broker.waiting(queue)));
          return waiting.every((count) => count === 0);
        },
        { within: 30_000 },
      );
      expect(await database.query('select type, state, error from platform.parked_commands')).toEqual([]);
      expect(await database.query('select reason from platform.dead_messages')).toEqual([]);
      expect({ apis: apis.length, workers: workers.length }).toEqual({ apis: 2, workers: 1 });
      const complaints = apis.flatMap((api) => api.log()).filter(({ level }) => level === 'error' || level === 'fatal');
      expect(complaints).toEqual([]);
    }, 60_000);
  });
