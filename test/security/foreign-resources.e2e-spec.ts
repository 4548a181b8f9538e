import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import { type Accepted, type Client } from '#testing/client.js';
import { Lab } from '#testing/lab.js';

describe('What belongs to somebody else', () => {
  let lab: Lab;
  let owner: Client;
  let stranger: Client;
  let created: Accepted;

  beforeAll(async () => {
    lab = await Lab.with({ workers: 1 });
    owner = lab.client(newId());
    stranger = lab.client(newId());
    created = await owner.command('/tasks', { title: 'private' });
    await owner.outcome(created.command_id);
  });
  afterAll(() => lab?.close());

  it.each([
    ['a task', () => `/tasks/${created.resource_id}`],
    ['a command that has settled', () => `/commands/${created.command_id}`],
  ])('cannot be told from what does not exist: %s', async (_, path) => {
    expect((await owner.get(path())).status).toBe(200);
    const answer = await stranger.get(path());
    expect(answer.status).toBe(404);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.text).not.toContain('private');
  });

  it('includes a command that has not run yet', async () => {
    const client = lab.client(newId());
    const { command_id: id } = await client.command('/tasks', { title: 'private' });
    expect((await stranger.get(`/commands/${id}`)).status).toBe(404);
    await client.outcome(id);
  });

  it('does not show up in a list', async () => {
    expect((await stranger.get('/tasks')).body).toMatchObject({ items: [] });
  });

  it.each(['start', 'complete'])('cannot be changed: to %s it is rejected as not found', async (step) => {
    const { command_id: id } = await stranger.command(`/tasks/${created.resource_id}/${step}`);
    expect(await stranger.outcome(id)).toMatchObject({ status: 'rejected', problem: { status: 404 } });
    expect((await owner.get(`/tasks/${created.resource_id}`)).body).toMatchObject({ status: 'pending', version: 1 });
  });
});
