import { afterEach, describe, expect, it } from '@jest/globals';

import type { AppProcess } from '#testing/app-process.js';
import { profiled } from '#testing/fault-profile.js';
import { Lab, mostShutdown } from '#testing/lab.js';

const rounds = profiled({ short: 1, full: 20 });
/** How many processes of each kind are replaced in a round. */
const ofEach = profiled({ short: 1, full: 2 });
/** Commands a second that clients try to send, and how many of them at a time: a new process needs some of two cores. */
const load = profiled({ short: { perSecond: 50, concurrency: 16 }, full: { perSecond: 1000, concurrency: 96 } });

describe('A rolling restart under load', () => {
  let lab: Lab | undefined;
  afterEach(() => lab?.close());

  it(
    'F24: loses nothing: each process ends in order, and clients see 202 or 503 and nothing else',
    async () => {
      lab = await Lab.with({ apis: 2, workers: 2 });
      const clients = lab.load(load);
      for (let round = 0; round < rounds; round++)
        for (const old of [...lab.apis.slice(0, ofEach), ...lab.workers.slice(0, ofEach)]) {
          await clients.reaches(clients.accepted + 60);
          if (old.app === 'api') await lab.api();
          else await lab.worker();
          await endsInOrder(old);
        }
      await clients.stop();
      await lab.verify();
      const answers = lab.ledger.entries.flatMap(({ attempts }) => attempts).filter(({ status }) => status !== 0);
      expect(answers.filter(({ status }) => status !== 202 && status !== 503)).toEqual([]);
      const documents = answers.filter(({ status }) => status === 503).map(({ contentType }) => contentType);
      expect(new Set(documents)).toEqual(new Set(documents.length > 0 ? ['application/problem+json'] : []));
    },
    rounds * 180_000,
  );
});

async function endsInOrder(process: AppProcess): Promise<void> {
  const began = performance.now();
  expect(await process.terminate()).toEqual({ code: 0, signal: null });
  expect(performance.now() - began).toBeLessThan(mostShutdown);
}
