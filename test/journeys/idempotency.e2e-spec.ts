import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import { Lab } from '#testing/lab.js';

import { Caller, waiting } from './caller.js';

describe('An Idempotency-Key', () => {
  let lab: Lab;
  let ann: Caller;
  /** The same user at another instance of the API. */
  let annElsewhere: Caller;
  let bob: Caller;

  beforeAll(async () => {
    lab = await Lab.with({ apis: 2, workers: 1 });
    const [first, second] = lab.apis as [(typeof lab.apis)[0], (typeof lab.apis)[0]];
    ann = new Caller(first, newId());
    annElsewhere = new Caller(second, ann.userId);
    bob = new Caller(first, newId());
  });
  afterAll(async () => {
    for (const caller of [ann, annElsewhere, bob]) caller?.close();
    await lab?.close();
  });

  const keyed = (key = newId()): { 'idempotency-key': string } => ({ 'idempotency-key': key });
  const reused = { status: 422, body: { code: 'UNPROCESSABLE', reason: 'idempotency_key_reused' } };
  const titles = async (by: Caller): Promise<unknown> =>
    ((await by.get('/tasks?limit=100')).body.items as { title: string }[]).map(({ title }) => title);

  it('gives the same command again, under way and afterwards, at any instance', async () => {
    const headers = keyed();
    const send = (by: Caller) => by.post('/tasks', { title: 'Same' }, headers);
    const [first, meanwhile, elsewhere] = await Promise.all([send(ann), send(ann), send(annElsewhere)]);
    expect([first.status, meanwhile.body, elsewhere.body]).toEqual([202, first.body, first.body]);
    expect(await ann.settled(first.body.command_id)).toMatchObject({ status: 'succeeded' });
    for (const by of [ann, annElsewhere]) {
      const again = await send(by);
      expect([again.status, again.body]).toEqual([202, first.body]);
    }
  });

  it('makes one task of fifty requests at once', async () => {
    const headers = { ...keyed(), ...waiting(10) };
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => (n % 2 ? ann : annElsewhere).post('/tasks', { title: 'Fifty' }, headers)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ headers: { 'command-id': id } }) => id)).size).toBe(1);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(((await titles(ann)) as string[]).filter((title) => title === 'Fifty')).toHaveLength(1);
  });

  it('stands for one request only, its query included', async () => {
    const headers = keyed();
    expect(await ann.post('/tasks?copy=1', { title: 'Query' }, headers)).toMatchObject({ status: 202 });
    expect(await ann.post('/tasks?copy=2', { title: 'Query' }, headers)).toMatchObject(reused);
  });

  it('does not depend on the order of the fields', async () => {
    const headers = keyed();
    const first = await ann.post('/tasks', '{"title":"Order","priority":"high"}', headers);
    const second = await ann.post('/tasks', '{ "priority": "high", "title": "Order" }', headers);
    expect(second.body).toEqual(first.body);
  });

  it('is refused with another body: at once where it is remembered, and where it is stored', async () => {
    const headers = keyed();
    const first = await ann.post('/tasks', { title: 'The first' }, headers);
    expect(await ann.post('/tasks', { title: 'The second' }, headers)).toMatchObject(reused);
    await ann.settled(first.body.command_id);
    for (const by of [ann, annElsewhere]) {
      const answer = await by.post('/tasks', { title: 'The second' }, { ...headers, ...waiting(10) });
      expect(answer).toMatchObject(reused);
      expect(answer.body).not.toHaveProperty('command_id');
    }
    const all = await titles(ann);
    expect(all).toContain('The first');
    expect(all).not.toContain('The second');
  });

  it('lets one request win when another instance does not know of it yet', async () => {
    const headers = { ...keyed(), ...waiting(10) };
    const answers = await Promise.all([
      ann.post('/tasks', { title: 'This one' }, headers),
      annElsewhere.post('/tasks', { title: 'Or that one' }, headers),
    ]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 422]));
    expect(answers.find(({ status }) => status === 422)).toMatchObject(reused);
  });

  it('is refused with another If-Match, which makes it another request', async () => {
    const { path, tag } = await ann.task();
    const headers = { ...keyed(), ...waiting(10) };
    expect((await ann.post(`${path}/start`, undefined, { ...headers, 'if-match': tag })).status).toBe(200);
    expect((await ann.post(`${path}/start`, undefined, { ...headers, 'if-match': tag })).status).toBe(200);
    expect(await ann.post(`${path}/start`, undefined, { ...headers, 'if-match': '"7"' })).toMatchObject(reused);
    expect(await ann.post(`${path}/start`, undefined, headers)).toMatchObject(reused);
  });

  it('is refused for another task on the same route', async () => {
    const [one, other] = [await ann.task(), await ann.task()];
    const headers = keyed();
    expect((await ann.post(`${one.path}/start`, undefined, headers)).status).toBe(202);
    expect(await ann.post(`${other.path}/start`, undefined, headers)).toMatchObject(reused);
  });

  it('belongs to one user and one route', async () => {
    const headers = { ...keyed(), ...waiting(10) };
    const [mine, theirs] = [
      await ann.post('/tasks', { title: 'Mine' }, headers),
      await bob.post('/tasks', { title: 'Theirs' }, headers),
    ];
    expect([mine.status, theirs.status]).toEqual([201, 201]);
    expect(mine.headers['command-id']).not.toBe(theirs.headers['command-id']);
    expect((await ann.post(`/tasks/${String(mine.body.id)}/start`, undefined, headers)).status).toBe(200);
    expect(await titles(bob)).toEqual(['Theirs']);
  });

  it.each([
    ['is empty', ''],
    ['has a space', 'a b'],
    ['is longer than 255 characters', 'k'.repeat(256)],
    ['is no ASCII', 'schl\u00fcssel'],
  ])('is refused when it %s', async (_, key) => {
    expect(await ann.post('/tasks', { title: 'No' }, keyed(key))).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_ERROR', reason: 'idempotency_key_invalid' },
    });
  });

  it('of a request that was refused may be used again', async () => {
    const headers = keyed();
    expect((await ann.post('/tasks', { title: '' }, headers)).status).toBe(400);
    expect((await ann.post('/tasks', { title: 'Corrected' }, headers)).status).toBe(202);
  });
});
