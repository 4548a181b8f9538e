import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { newId } from '#kernel';
import { CommandIds } from '#platform/commands/command-ids.js';
import { development } from '#platform/config/development.js';
import { eventually } from '#testing/eventually.js';
import { Lab } from '#testing/lab.js';
import { scrape } from '#testing/scrape.js';

import { Caller, waiting } from './caller.js';

const day = 86_400_000;
const ids = new CommandIds(development.commandIdKey);
const annId = '0198c0de-0000-7000-8000-00000000000a';

/** An id as the API issued it so many days ago. */
function issued(daysAgo: number): string {
  jest.useFakeTimers({ now: Date.now() - daysAgo * day });
  const { id } = ids.issue(annId);
  jest.useRealTimers();
  return id;
}

// Before any other: ids are made in the order of their time.
const [forgotten, remembered] = [issued(91), issued(89)];

describe('A command of which nothing is stored', () => {
  let lab: Lab;
  let ann: Caller;
  let bob: Caller;

  beforeAll(async () => {
    lab = await Lab.with({ apis: 0, workers: 0 });
    const api = await lab.api({ UNKNOWN_AFTER: '1' });
    [ann, bob] = [new Caller(api, annId), new Caller(api, newId())];
  });
  afterAll(async () => {
    ann?.close();
    bob?.close();
    await lab?.close();
  });

  const status = async (id: unknown): Promise<unknown> => (await ann.get(`/commands/${String(id)}`)).body.status;

  it('is accepted as long as no worker can say that it is not under way', async () => {
    const sent = await ann.post('/tasks', { title: 'Later' });
    expect(await status(sent.body.command_id)).toBe('accepted');
    expect(await status(remembered)).toBe('accepted');
  });

  it('is unknown when workers have settled all that is as old, and somebody is told', async () => {
    const lost = ids.issue(annId).id;
    expect(await status(lost)).toBe('accepted');
    await lab.worker();
    await eventually('it is unknown', async () => (await status(lost)) === 'unknown', { within: 20_000 });
    expect(await status(remembered)).toBe('unknown');
    const [api] = lab.apis;
    const { value } = await scrape((api as { port: number }).port);
    expect(value('contextflow_commands_unknown_total')).toBeGreaterThanOrEqual(2);
  });

  it('that was answered 202 is never unknown', async () => {
    const { body } = await ann.post('/tasks', { title: 'Not lost' }, { prefer: 'respond-async' });
    const seen = new Set<unknown>();
    await eventually('it is settled', async () => {
      const now = await status(body.command_id);
      seen.add(now);
      return now === 'succeeded';
    });
    expect([...seen].filter((one) => one !== 'accepted' && one !== 'succeeded')).toEqual([]);
  });

  it('under a key is unknown a while after the first question', async () => {
    const key = newId();
    const request = ids.derive({
      author: annId,
      route: 'POST /api/v1/tasks',
      target: 'POST /api/v1/tasks',
      key,
      body: { title: 'Perhaps' },
    });
    expect(await status(request.id)).toBe('accepted');
    await eventually('it is unknown', async () => (await status(request.id)) === 'unknown');
    const sent = await ann.post('/tasks', { title: 'Perhaps' }, { 'idempotency-key': key, ...waiting(10) });
    expect(sent).toMatchObject({ status: 201 });
    expect(sent.headers['command-id']).toBe(request.id);
    expect(await status(request.id)).toBe('succeeded');
  });

  it('is forgotten when it is older than the inbox', async () => {
    expect(await ann.get(`/commands/${forgotten}`)).toMatchObject({
      status: 410,
      body: { code: 'GONE', reason: 'command_forgotten' },
    });
  });

  it('is nothing to anybody else, however old', async () => {
    for (const id of [forgotten, remembered]) expect(await bob.get(`/commands/${id}`)).toMatchObject({ status: 404 });
  });
});
