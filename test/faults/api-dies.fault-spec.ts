import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { profiled } from '#testing/fault-profile.js';
import { Lab } from '#testing/lab.js';

const moments = [
  ['F04: after it has published a command', 'api.after_publish=kill@20'],
  ['F04: before it has published a command', 'api.before_publish=kill@20'],
  ['F04: before it has answered', 'api.before_answer=kill@20'],
];

describe('When the API dies', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await Lab.with({ apis: 0, workers: 1 });
  });
  afterAll(() => lab?.close());

  it.each(profiled({ short: moments.slice(0, 1), full: moments }))(
    '%s, a retry under the same key finds or makes exactly one',
    async (_, failpoints) => {
      const dying = await lab.api({ FAILPOINTS: failpoints });
      const load = lab.load({ tasks: 40, concurrency: 8 });
      expect(await dying.exited).toMatchObject({ signal: 'SIGKILL' });
      const next = await lab.api({}, dying.port);
      await load.finished;
      await lab.check();
      await next.terminate();
    },
  );

  it('its worker has nothing left to do', () => lab.end());
});
