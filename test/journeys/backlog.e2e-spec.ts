import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import { eventually } from '#testing/eventually.js';
import { Lab } from '#testing/lab.js';

import { Caller, waiting } from './caller.js';

const limit = 4;

describe('While more commands wait than may', () => {
  let lab: Lab;
  let ann: Caller;
  let key: string;

  beforeAll(async () => {
    lab = await Lab.with({ apis: 0, workers: 0 });
    ann = new Caller(await lab.api({ BACKLOG_LIMIT: String(limit) }), newId());
  });
  afterAll(async () => {
    ann?.close();
    await lab?.close();
  });

  it('a command is sent away, with its id and the time after which to send it again', async () => {
    const refused = await eventually(
      'a command is sent away',
      async () => {
        key = newId();
        const answer = await ann.post('/tasks', { title: 'One of many' }, { 'idempotency-key': key });
        return answer.status === 429 && answer;
      },
      { within: 20_000, every: 20 },
    );
    const { command_id: id } = refused.body;
    expect(refused.headers).toMatchObject({
      'retry-after': '60',
      'command-id': id,
      location: `/api/v1/commands/${String(id)}`,
      'content-type': 'application/problem+json; charset=utf-8',
    });
    expect(refused.body).toMatchObject({
      code: 'RATE_LIMITED',
      reason: 'backlog_full',
      links: { self: expect.any(String) },
    });
  });

  it('queries and the status of commands are answered as ever', async () => {
    expect(await ann.get('/tasks')).toMatchObject({ status: 200 });
  });

  it('and are taken again when a worker has got on, the same one under its key too', async () => {
    await lab.worker();
    const taken = await eventually(
      'it is taken',
      async () => {
        const answer = await ann.post('/tasks', { title: 'One of many' }, { 'idempotency-key': key, ...waiting(10) });
        return answer.status === 201 && answer;
      },
      { within: 20_000, every: 100 },
    );
    expect(taken.body).toMatchObject({ title: 'One of many' });
  });
});
