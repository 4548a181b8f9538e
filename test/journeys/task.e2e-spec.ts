import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import { Lab } from '#testing/lab.js';

describe('A task', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await Lab.with({ workers: 1 });
  });
  afterAll(() => lab?.close());

  it('is created, started and completed, and each command tells what became of it', async () => {
    const client = lab.client(newId());
    const created = await client.command('/tasks', { title: 'Pack the bag', priority: 'high' });
    expect(created).toMatchObject({ status: 'accepted', type: 'tasks.create_task.v1' });

    const started = await client.command(`/tasks/${created.resource_id}/start`);
    const completed = await client.command(`/tasks/${created.resource_id}/complete`);
    for (const { command_id: id } of [created, started, completed])
      expect(await client.outcome(id)).toMatchObject({ status: 'succeeded', resource_id: created.resource_id });

    const { status, body } = await client.get(`/tasks/${created.resource_id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ title: 'Pack the bag', priority: 'high', status: 'completed', version: 3 });
  });

  it('cannot be completed twice', async () => {
    const client = lab.client(newId());
    const { resource_id: id } = await client.command('/tasks', { title: 'Once' });
    await client.command(`/tasks/${id}/complete`);
    const again = await client.command(`/tasks/${id}/complete`);

    const outcome = await client.outcome(again.command_id);
    expect(outcome).toMatchObject({ status: 'rejected', problem: { reason: 'task_invalid_transition' } });
  });

  it('is one task when its creation is sent twice under one Idempotency-Key', async () => {
    const client = lab.client(newId());
    const headers = { 'idempotency-key': newId() };
    const [first, second] = await Promise.all([
      client.command('/tasks', { title: 'Only one' }, headers),
      client.command('/tasks', { title: 'Only one' }, headers),
    ]);
    expect(second).toEqual(first);
    await client.outcome(first.command_id);

    const { body } = await client.get('/tasks');
    expect((body as { items: unknown[] }).items).toHaveLength(1);
  });

  it('keeps the first content when its Idempotency-Key comes back with another', async () => {
    const client = lab.client(newId());
    const headers = { 'idempotency-key': newId() };
    const first = await client.command('/tasks', { title: 'The first' }, headers);
    await client.outcome(first.command_id);
    const answer = await client.post('/tasks', { title: 'The second' }, headers);
    if (answer.status === 202) {
      const { command_id: id } = answer.body as { command_id: string };
      expect(await client.outcome(id)).toMatchObject({
        status: 'rejected',
        problem: { reason: 'idempotency_key_reused' },
      });
    } else expect(answer).toMatchObject({ status: 422, body: { reason: 'idempotency_key_reused' } });
  });

  it('is listed newest first, page by page', async () => {
    const client = lab.client(newId());
    const titles = ['one', 'two', 'three'];
    for (const title of titles) await client.outcome((await client.command('/tasks', { title })).command_id);

    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor ? `&cursor=${encodeURIComponent(cursor)}` : '';
      const { body } = await client.get(`/tasks?limit=2${query}`);
      const page = body as { items: { title: string }[]; next_cursor: string | null };
      seen.push(...page.items.map(({ title }) => title));
      cursor = page.next_cursor;
    } while (cursor);
    expect(seen).toEqual(titles.toReversed());
  });
});
