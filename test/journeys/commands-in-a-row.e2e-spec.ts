import { describe, it } from '@jest/globals';

import { Lab } from '#testing/lab.js';

describe('Commands of one task, each sent as soon as the one before was accepted', () => {
  it('succeed in that order, a thousand times, with two workers', async () => {
    const lab = await Lab.with({ workers: 2 });
    try {
      await lab.load({ tasks: 1000, concurrency: 32 }).finished;
      await lab.verify();
    } finally {
      await lab.close();
    }
  });
});
