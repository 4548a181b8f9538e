import { afterEach, describe, it } from '@jest/globals';

import { eventually } from '#testing/eventually.js';
import { profiled } from '#testing/fault-profile.js';
import { Lab } from '#testing/lab.js';

describe('When a worker freezes under load and wakes later', () => {
  let lab: Lab | undefined;
  afterEach(() => lab?.close());

  it('F16: every command is applied once, in order: what it decided on an old state changes nothing', async () => {
    lab = await Lab.with({ workers: 2 });
    const commands = profiled({ short: 1500, full: 5000 });
    const seconds = profiled({ short: 6, full: 20 });
    const load = lab.load({ tasks: Math.ceil(commands / 3), concurrency: 64 });
    const [frozen] = lab.workers;
    await load.reaches(commands / 2);

    frozen?.kill('SIGSTOP');
    const until = performance.now() + seconds * 1000;
    await eventually('the time is over', () => performance.now() >= until, { within: 2 * seconds * 1000 });
    frozen?.kill('SIGCONT');

    await load.finished;
    await lab.verify();
  });
});
