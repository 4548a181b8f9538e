import { afterEach, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import type { Client } from '#testing/client.js';
import { eventually } from '#testing/eventually.js';
import { Lab } from '#testing/lab.js';

describe('A poisonous command', () => {
  let lab: Lab | undefined;
  afterEach(() => lab?.close());

  it('whose handler always throws is parked dead; its lane waits behind it, and no other one notices', async () => {
    lab = await Lab.with({ workers: 0 });
    const { client, poison, follower } = await poisoned(lab);
    const load = lab.load({ tasks: 100 });
    await lab.worker({ FAILPOINTS: `engine.before_handle(${poison.commandId})=throw` });

    expect(await client.outcome(poison.commandId, ['dead'])).toMatchObject({ attempts: 3 });
    expect(await client.outcome(follower.commandId, ['blocked'])).toMatchObject({ blocked_by: poison.commandId });
    const late = await sent(lab, client, `/tasks/${poison.resourceId}/start`);
    await client.outcome(late.commandId, ['blocked']);

    await load.finished;
    await lab.verify({ dead: [poison.commandId], blocked: [follower.commandId, late.commandId] });
  });

  it('that kills its worker is parked dead after three deaths; the restarted fleet lives and its neighbours complete', async () => {
    lab = await Lab.with({ workers: 0 });
    const { client, poison, follower } = await poisoned(lab);
    const load = lab.load({ tasks: 100 });
    const environment = { FAILPOINTS: `engine.before_handle(${poison.commandId})=kill` };
    const workers = await Promise.all([lab.spawn('worker', environment), lab.spawn('worker', environment)]);
    const supervisor = lab.supervise(workers, environment);

    await eventually('the poison is dead', async () => (await client.status(poison.commandId)).status === 'dead', {
      within: 90_000,
      every: 200,
    });
    supervisor.stop();
    expect(supervisor.deaths).toBeGreaterThanOrEqual(3);
    expect(supervisor.deaths).toBeLessThanOrEqual(5);
    await client.outcome(follower.commandId, ['blocked'], { within: 30_000 });
    await load.finished;
    await lab.verify({ dead: [poison.commandId], blocked: [follower.commandId] });
  });
});

interface Sent {
  readonly commandId: string;
  readonly resourceId: string;
}

/** A task whose creation is to be the poison, with a command behind it; no worker runs yet. */
async function poisoned(lab: Lab): Promise<{ client: Client; poison: Sent; follower: Sent }> {
  const client = lab.client(newId());
  const poison = await sent(lab, client, '/tasks', { title: 'poison' });
  const follower = await sent(lab, client, `/tasks/${poison.resourceId}/complete`);
  return { client, poison, follower };
}

async function sent(lab: Lab, client: Client, path: string, body?: unknown): Promise<Sent> {
  const { commandId, resourceId } = await client.attempt(
    { key: newId(), userId: client.userId, path, body },
    lab.ledger,
  );
  if (!commandId || !resourceId) throw new Error(`POST ${path} was not accepted`);
  return { commandId, resourceId };
}
