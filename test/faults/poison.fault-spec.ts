import { afterEach, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import type { Client } from '#testing/client.js';
import { eventually } from '#testing/eventually.js';
import { itInFull } from '#testing/fault-profile.js';
import { Lab, type Sent } from '#testing/lab.js';

describe('A poisonous command', () => {
  let lab: Lab | undefined;
  afterEach(() => lab?.close());

  itInFull(
    'F13: whose handler always throws is parked; its lane waits behind it, and goes on in order after an operator has retried it',
    async () => {
      lab = await Lab.with({ workers: 0 });
      const { client, poison, follower } = await poisoned(lab);
      const load = lab.load({ tasks: 100 });
      const broken = await lab.worker({
        ATTEMPT_DELAYS: '0.2,0.2',
        FAILPOINTS: `engine.before_handle(${poison.commandId})=throw`,
      });

      await client.outcome(poison.commandId, ['dead'], { within: 30_000 });
      expect(await client.outcome(follower.commandId, ['blocked'])).toMatchObject({ blocked_by: poison.commandId });
      const late = await lab.send(client, `/tasks/${poison.resourceId}/complete`);
      await client.outcome(late.commandId, ['blocked']);

      await load.finished;
      await lab.check({ dead: [poison.commandId], blocked: [follower.commandId, late.commandId] });

      await lab.worker();
      await broken.terminate();
      await lab.operate(`/parked/${poison.commandId}/retry`);
      await lab.verify();
    },
  );

  it('F14: that kills its worker is parked dead after three deaths; the restarted fleet lives and its neighbours complete', async () => {
    lab = await Lab.with({ workers: 0 });
    const { client, poison, follower } = await poisoned(lab);
    const load = lab.load({ tasks: 100 });
    const environment = { ATTEMPT_DELAYS: 'none', FAILPOINTS: `engine.before_handle(${poison.commandId})=kill` };
    const workers = await Promise.all([lab.spawn('worker', environment), lab.spawn('worker', environment)]);
    const supervisor = lab.supervise(workers, environment);

    await eventually('the poison is dead', async () => (await client.status(poison.commandId)).status === 'dead', {
      within: 90_000,
      every: 200,
    });
    supervisor.stop();
    // Three that are on record, and the first delivery, which is not.
    expect(supervisor.deaths).toBeGreaterThanOrEqual(3);
    expect(supervisor.deaths).toBeLessThanOrEqual(4);
    await client.outcome(follower.commandId, ['blocked'], { within: 30_000 });
    await load.finished;
    await lab.verify({ dead: [poison.commandId], blocked: [follower.commandId] });
  });
});

/** A task whose creation is to be the poison, with a command behind it; no worker runs yet. */
async function poisoned(lab: Lab): Promise<{ client: Client; poison: Sent; follower: Sent }> {
  const client = lab.client(newId());
  const poison = await lab.send(client, '/tasks', { title: 'poison' });
  const follower = await lab.send(client, `/tasks/${poison.resourceId}/start`);
  return { client, poison, follower };
}
