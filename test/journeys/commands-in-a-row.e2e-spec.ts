import { describe, it } from '@jest/globals';

import { profiled } from '#testing/fault-profile.js';
import { Lab } from '#testing/lab.js';

const tasks = profiled({ short: 300, full: 1000 });

describe('Commands of one task, each sent as soon as the one before was accepted', () => {
  it(`succeed in that order, ${tasks} times, with two workers`, async () => {
    const lab = await Lab.with({ workers: 2 });
    try {
      await lab.load({ tasks, concurrency: 32 }).finished;
      await lab.verify();
    } finally {
      await lab.close();
    }
  });
});
