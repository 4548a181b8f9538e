import { afterEach, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import type { Accepted } from '#testing/client.js';
import { eventually } from '#testing/eventually.js';
import { Lab } from '#testing/lab.js';

describe('When somebody deletes the queue of a partition', () => {
  let lab: Lab | undefined;
  afterEach(() => lab?.close());

  it('F23: its commands are refused until it has been declared again, never lost, and nobody restarts anything', async () => {
    const { broker } = (lab = await Lab.with({ workers: 1 }));
    const owner = lab.client(newId());
    const created = await owner.command('/tasks', { title: 'Water the plants' });
    expect(await owner.outcome(created.command_id)).toMatchObject({ status: 'succeeded' });
    const routed = broker.routingKey('tasks', created.resource_id).split('.');
    await broker.deleteQueue(broker.topology.queue('tasks', Number(routed[1]), Number(routed[2])));

    const refused = await owner.post(`/tasks/${created.resource_id}/start`);
    expect(refused).toMatchObject({ status: 503, body: { reason: 'broker_unavailable' } });
    const started = await eventually('the command is taken', async () => {
      const answer = await owner.post(`/tasks/${created.resource_id}/start`);
      return answer.status === 202 ? (answer.body as Accepted) : undefined;
    });
    expect(await owner.outcome(started.command_id)).toMatchObject({ status: 'succeeded' });
  });
});
