import { afterEach, describe, expect, it } from '@jest/globals';

import { profiled } from '#testing/fault-profile.js';
import { Lab } from '#testing/lab.js';

describe('Copies of commands', () => {
  let lab: Lab | undefined;
  afterEach(() => lab?.close());

  it('F15: published three times each, with two workers, have one effect each', async () => {
    lab = await Lab.with({ workers: 2 });
    const { broker } = lab;
    const copying: Promise<void>[] = [];
    await broker.overhear('tasks', (message) => {
      if (message.properties.headers?.['x-copy']) return;
      const headers = { ...(message.properties.headers as Record<string, unknown>), 'x-copy': true };
      const copy = { ...message, properties: { ...message.properties, headers } };
      copying.push(broker.publish([copy, copy]));
    });
    const load = lab.load({ tasks: profiled({ short: 200, full: 1000 }) });
    await load.finished;
    await lab.quiesce();
    await Promise.all(copying);
    expect(copying).toHaveLength(lab.ledger.accepted.length);
    await lab.verify();
  });

  it('F15: that a client sends at the same time under one key are one command', async () => {
    lab = await Lab.with({ apis: 2, workers: 2 });
    await lab.load({ tasks: profiled({ short: 100, full: 1000 }), copies: 4 }).finished;
    await lab.verify();
  });
});
