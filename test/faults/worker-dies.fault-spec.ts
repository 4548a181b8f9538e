import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { profiled } from '#testing/fault-profile.js';
import { Lab } from '#testing/lab.js';

const moments = [
  [
    'F02: after it has committed and before it acknowledges, its commands are recognised when they come again',
    'engine.after_commit=kill@5',
  ],
  ['F01: before it has committed, its commands are delivered again and have one effect', 'engine.before_commit=kill@5'],
];

describe('When a worker dies', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await Lab.with({ workers: 0 });
  });
  afterAll(() => lab?.close());

  it.each(profiled({ short: moments.slice(0, 1), full: moments }))('%s', async (_, failpoints) => {
    const dying = await lab.worker({ FAILPOINTS: failpoints });
    const load = lab.load({ tasks: 60 });
    expect(await dying.exited).toMatchObject({ signal: 'SIGKILL' });
    const next = await lab.worker();
    await load.finished;
    await lab.check();
    await next.terminate();
  });

  it('F01: under load, the other one ends its commands: each is applied once, in order', async () => {
    const [victim] = await Promise.all([lab.worker(), lab.worker()]);
    const commands = profiled({ short: 1500, full: 5000 });
    const load = lab.load({ tasks: Math.ceil(commands / 3), concurrency: 64 });
    await load.reaches(commands / 2);
    await victim.crash();
    await load.finished;
    await lab.verify();
  });
});
