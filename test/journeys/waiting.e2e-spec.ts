import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import type { AppProcess } from '#testing/app-process.js';
import { Lab } from '#testing/lab.js';

import { Caller, timed, waiting } from './caller.js';

const statusPath = (id: unknown): string => `/api/v1/commands/${String(id)}`;

let lab: Lab;
let ann: Caller;
let bob: Caller;
const callers: Caller[] = [];

function caller(api: AppProcess | undefined, userId = newId()): Caller {
  const made = new Caller(api as AppProcess, userId);
  callers.push(made);
  return made;
}

beforeAll(async () => {
  lab = await Lab.with({ apis: 2, workers: 0 });
  ann = caller(lab.apis[0]);
  bob = caller(lab.apis[0]);
});
afterAll(async () => {
  for (const one of callers) one.close();
  await lab?.close();
});

describe('While no worker runs', () => {
  let late: unknown;
  let early: unknown;

  it.each([
    [undefined, undefined],
    ['respond-async', 'respond-async'],
    ['wait=0', 'wait=0'],
    ['return=minimal', undefined],
  ])('whoever does not wait is told at once where to look (Prefer: %s)', async (prefer, applied) => {
    const { status, headers, body } = await bob.post('/tasks', { title: 'Later' }, prefer ? { prefer } : {});
    expect(status).toBe(202);
    expect(headers['preference-applied']).toBe(applied);
    expect(headers).toMatchObject({ location: statusPath(body.command_id), 'command-id': body.command_id });
    expect(body).toEqual({
      command_id: expect.any(String),
      status: 'accepted',
      message: expect.any(String),
      type: 'tasks.create_task.v1',
      resource_id: expect.any(String),
      links: { self: statusPath(body.command_id) },
    });
  });

  it('whoever waits is told, after that time, where to look', async () => {
    const { result, took } = await timed(ann.post('/tasks', { title: 'Waited for' }, waiting(1)));
    expect(result.status).toBe(202);
    expect(result.headers).toMatchObject({
      'preference-applied': 'wait=1',
      location: statusPath(result.body.command_id),
    });
    expect(took).toBeGreaterThanOrEqual(1_000);
    expect(took).toBeLessThan(5_000);
    early = result.body.command_id;
  });

  it('the status says, after that time, that the command was accepted', async () => {
    const { result, took } = await timed(ann.get(`/commands/${String(early)}`, waiting(1)));
    expect(result.body).toMatchObject({ command_id: early, status: 'accepted', links: { self: statusPath(early) } });
    expect(Date.now() - Date.parse(String(result.body.accepted_at))).toBeLessThan(30_000);
    expect(took).toBeGreaterThanOrEqual(1_000);
    expect(took).toBeLessThan(5_000);
  });

  it('an API that ends answers those who wait, and asks them to leave', async () => {
    const ending = lab.apis[1];
    const guest = caller(ending);
    const [command, status] = [
      timed(guest.post('/tasks', { title: 'At the end' }, waiting(30))),
      timed(caller(ending, ann.userId).get(`/commands/${String(early)}`, waiting(30))),
    ];
    // Both wait by now: nothing else is to be done for them.
    expect((await guest.get('/tasks')).status).toBe(200);
    const end = ending?.terminate();
    for (const { result, took } of await Promise.all([command, status])) {
      expect([200, 202]).toContain(result.status);
      expect(result.body.status).toBe('accepted');
      expect(result.headers.connection).toBe('close');
      expect(took).toBeLessThan(5_000);
    }
    expect(await end).toEqual({ code: 0, signal: null });
  });

  it('a deadline may pass', async () => {
    const deadline = { 'command-deadline': new Date(Date.now() - 1_000).toISOString() };
    const { status, body } = await ann.post('/tasks', { title: 'Too late' }, deadline);
    expect(status).toBe(202);
    late = body.command_id;
  });

  it('commands are kept: the next worker runs them, except what is too late by then', async () => {
    await lab.worker();
    expect(await ann.settled(early)).toMatchObject({ status: 'succeeded' });
    expect(await ann.settled(late)).toMatchObject({
      status: 'rejected',
      problem: { status: 400, code: 'RULE_VIOLATION', reason: 'deadline_exceeded' },
    });
    const { body } = await ann.get('/tasks');
    expect(body).toMatchObject({ items: [{ title: 'Waited for' }] });
  });
});

describe('Whoever waits for a command', () => {
  /** The same user at another instance of the API. */
  let annElsewhere: Caller;

  beforeAll(async () => {
    await lab.api();
    annElsewhere = caller(lab.apis[1], ann.userId);
  });

  it('is shown what it made', async () => {
    const { status, headers, body } = await ann.post('/tasks', { title: 'Pack the bag' }, waiting(10));
    expect(status).toBe(201);
    expect(body).toMatchObject({ title: 'Pack the bag', status: 'pending', version: 1, user_id: ann.userId });
    expect(headers).toMatchObject({
      location: `/api/v1/tasks/${String(body.id)}`,
      etag: '"1"',
      'preference-applied': 'wait=10',
      'content-type': expect.stringContaining('application/json'),
    });
    const made = await ann.get(`/tasks/${String(body.id)}`);
    expect([made.body, made.headers.etag]).toEqual([body, '"1"']);
    expect(await ann.settled(headers['command-id'])).toMatchObject({
      status: 'succeeded',
      resource_id: body.id,
      result: { version: 1, created: true },
    });
  });

  it('is shown what it changed', async () => {
    const { id, path } = await ann.task();
    const { status, headers, body } = await ann.post(`${path}/start`, undefined, waiting(10));
    expect(status).toBe(200);
    expect(body).toMatchObject({ id, status: 'in_progress', version: 2 });
    expect(headers).toMatchObject({ etag: '"2"', location: statusPath(headers['command-id']) });
  });

  it('is shown nothing of what it deleted', async () => {
    const { path } = await ann.task();
    const { status, headers, text } = await ann.delete(path, waiting(10));
    expect([status, text]).toEqual([204, '']);
    expect(headers).toMatchObject({
      location: statusPath(headers['command-id']),
      'preference-applied': 'wait=10',
    });
    expect((await ann.get(path)).status).toBe(404);
  });

  it('is told why it was rejected, as the problem that it is', async () => {
    const { path } = await ann.task();
    await ann.post(`${path}/complete`, undefined, waiting(10));
    const { status, headers, body } = await ann.post(`${path}/complete`, undefined, waiting(10));
    expect([status, headers['content-type']]).toEqual([400, expect.stringContaining('application/problem+json')]);
    expect(body).toMatchObject({
      status: 400,
      code: 'RULE_VIOLATION',
      reason: 'task_invalid_transition',
      type: '/problems/task_invalid_transition',
      command_id: headers['command-id'],
      links: { self: statusPath(headers['command-id']) },
      correlation_id: headers['x-correlation-id'],
    });
    expect(body.error).toBe(body.detail);
    expect(headers.location).toBe(statusPath(body.command_id));
    expect(await ann.settled(body.command_id)).toMatchObject({
      status: 'rejected',
      problem: { status: 400, reason: 'task_invalid_transition' },
    });
  });

  it('is told that what belongs to another is not there', async () => {
    const { path } = await ann.task();
    const { status, body } = await bob.post(`${path}/start`, undefined, waiting(10));
    expect([status, body.code]).toEqual([404, 'NOT_FOUND']);
    expect((await ann.get(path)).body).toMatchObject({ version: 1 });
  });

  it('sends the same command again, and is shown the same', async () => {
    const headers = { ...waiting(10), 'idempotency-key': newId() };
    const [first, again] = [
      await ann.post('/tasks', { title: 'Once' }, headers),
      await annElsewhere.post('/tasks', { title: 'Once' }, headers),
    ];
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    expect(again.headers['command-id']).toBe(first.headers['command-id']);
  });

  it('may ask another instance of the API what became of it', async () => {
    const sent = await ann.post('/tasks', { title: 'Elsewhere' }, { prefer: 'respond-async' });
    const { status, headers, body } = await annElsewhere.get(`/commands/${String(sent.body.command_id)}`, waiting(10));
    expect([status, body.status]).toEqual([200, 'succeeded']);
    expect([undefined, 'wait=10']).toContain(headers['preference-applied']);
    expect((await annElsewhere.get(`/tasks/${String(sent.body.resource_id)}`)).status).toBe(200);
  });

  it('is not kept waiting for what is settled', async () => {
    const { headers } = await ann.post('/tasks', { title: 'Settled' }, waiting(10));
    const { result, took } = await timed(ann.get(`/commands/${String(headers['command-id'])}`, waiting(30)));
    expect(result.body.status).toBe('succeeded');
    expect(took).toBeLessThan(5_000);
  });

  it('is not kept waiting for a command of somebody else, or of nobody', async () => {
    const sent = await ann.post('/tasks', { title: 'Private' });
    for (const id of [sent.body.command_id, newId()]) {
      const { result, took } = await timed(bob.get(`/commands/${String(id)}`, waiting(30)));
      expect([result.status, result.body.reason]).toEqual([404, 'command_not_found']);
      expect(took).toBeLessThan(5_000);
    }
  });
});
