import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import type { AppProcess } from '#testing/app-process.js';
import { EventStream } from '#testing/event-stream.js';
import { eventually } from '#testing/eventually.js';
import { HttpClient } from '#testing/http-client.js';
import { Lab } from '#testing/lab.js';
import { Person } from '#testing/person.js';
import { scrape } from '#testing/scrape.js';
import { settleMany } from '#testing/settled-commands.js';

import { Caller } from './caller.js';

describe('What happens is told as it happens', () => {
  let lab: Lab;
  let one: AppProcess;
  let two: AppProcess;
  const streams: EventStream[] = [];
  const callers: { close(): void }[] = [];

  beforeAll(async () => {
    lab = await Lab.with({ apis: 2, workers: 1 });
    [one, two] = lab.apis as [AppProcess, AppProcess];
  });
  afterEach(() => {
    for (const stream of streams.splice(0)) stream.close();
    for (const open of callers.splice(0)) open.close();
  });
  afterAll(() => lab?.close());

  function caller(api: AppProcess, userId = newId()): Caller {
    const made = new Caller(api, userId);
    callers.push(made);
    return made;
  }

  async function listen(api: AppProcess, { authorization }: Pick<Caller, 'authorization'>, lastId?: string) {
    const stream = await EventStream.open(api.port, authorization, { lastId });
    streams.push(stream);
    return stream;
  }

  it('to whoever sent a command, whichever API took it, and to nobody else', async () => {
    const [ada, bob] = [caller(one), caller(one)];
    const [here, there, foreign] = await Promise.all([listen(one, ada), listen(two, ada), listen(two, bob)]);
    expect(here.response.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-correlation-id': expect.any(String),
    });
    const made = await ada.post('/tasks', { title: 'Pack the bag' });
    const id = made.body.resource_id as string;
    const refused = await ada.post(`/tasks/${id}/reopen`);
    for (const stream of [here, there]) {
      const { data } = await stream.next('command', { command_id: made.body.command_id });
      expect(data).toEqual((await ada.get(`/commands/${made.body.command_id as string}`)).body);
      const { data: rejected } = await stream.next('command', { command_id: refused.body.command_id });
      expect(rejected).toMatchObject({ status: 'rejected', problem: { reason: 'task_invalid_transition' } });
    }
    const theirs = await bob.post('/tasks', { title: 'A secret' });
    await foreign.next('command', { command_id: theirs.body.command_id });
    expect(foreign.events).toHaveLength(1);
    expect([here.events.length, there.events.length]).toEqual([2, 2]);
  });

  it('once for all, also if much happens', async () => {
    const ada = caller(one);
    const stream = await listen(two, ada);
    const made = await Promise.all(Array.from({ length: 60 }, (_, n) => ada.post('/tasks', { title: `task ${n}` })));
    await eventually('all are told', () => stream.events.length >= 60, { every: 10 });
    expect(new Set(stream.events.map(({ data }) => data.command_id))).toEqual(
      new Set(made.map(({ body }) => body.command_id)),
    );
    expect(stream.events).toHaveLength(60);
  });

  it('to whoever comes back: what he has missed, from another API', async () => {
    const ada = caller(one);
    const before = await listen(one, ada);
    const first = await ada.post('/tasks', { title: 'seen' });
    await before.next('command', { command_id: first.body.command_id });
    before.close();
    const missed = await ada.post('/tasks', { title: 'missed' });
    await ada.settled(missed.body.command_id);
    const after = await listen(two, ada, before.lastId);
    await after.next('command', { command_id: missed.body.command_id });
    expect(after.events.some(({ event }) => event === 'reset')).toBe(false);
  });

  it('with a word to whoever comes back with what is no place of his', async () => {
    const [ada, bob] = [caller(one), caller(one)];
    const { lastId } = await listen(one, bob).then(async (stream) => {
      await eventually('it has begun', () => stream.lastId !== '', { every: 5 });
      return stream;
    });
    const stream = await listen(one, ada, lastId);
    expect((await stream.next('reset')).data).toMatchObject({ reason: 'unknown' });
  });

  it('until the session ends', async () => {
    const ada = new Person(one, lab.database);
    callers.push(ada);
    await ada.join();
    const stream = await listen(two, { authorization: `Bearer ${ada.accessToken}` });
    expect((await ada.post('/auth/logout')).status).toBe(204);
    expect((await stream.next('expired', {}, { within: 5_000 })).data).toMatchObject({ reason: 'token_revoked' });
    await eventually('the stream has ended', () => stream.ended, { every: 10 });
  });

  it('to whoever accepts it, and with a token', async () => {
    const ada = caller(one);
    for (const accept of ['application/json', 'text/html'])
      expect(await ada.get('/realtime', { accept })).toMatchObject({ status: 406, body: { reason: 'not_acceptable' } });
    const http = new HttpClient(one.port);
    callers.push(http);
    const { authorization } = ada;
    const path = '/api/v1/realtime';
    expect((await http.send({ path })).status).toBe(401);
    const head = await http.send({ method: 'HEAD', path, headers: { authorization } });
    expect([head.status, head.headers['content-type'], head.text]).toEqual([200, 'text/event-stream', '']);
  });

  it('and its end is told when an API ends, which waits for nobody', async () => {
    const api = await lab.api();
    const ada = caller(api);
    const stream = await listen(api, ada);
    const bob = caller(api);
    const deaf = await EventStream.open(api.port, bob.authorization, { reads: false });
    streams.push(deaf);
    expect((await scrape(api.port)).value('contextflow_streams_open')).toBe(2);
    // More than lies between two processes of one machine: it cannot be told the end.
    const other = await listen(api, bob);
    await settleMany(lab.database, bob.userId, { rows: 400, bytes: 20_000 });
    await eventually('the other one is told', () => other.events.length === 400, { every: 10 });
    const began = performance.now();
    expect(await api.terminate()).toEqual({ code: 0, signal: null });
    expect(performance.now() - began).toBeLessThan(4_000);
    expect(stream.ended).toBe(true);
    expect(stream.retry).not.toBe(2_000);
    const made = await caller(two, ada.userId).post('/tasks', { title: 'meanwhile' });
    const again = await listen(one, ada, stream.lastId);
    await again.next('command', { command_id: made.body.command_id });
  });
});
