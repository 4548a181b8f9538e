import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import type { AppProcess } from '#testing/app-process.js';
import { EventStream } from '#testing/event-stream.js';
import { eventually } from '#testing/eventually.js';
import type { HttpAnswer } from '#testing/http-client.js';
import { Lab } from '#testing/lab.js';
import { Person } from '#testing/person.js';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

interface Labour {
  readonly id: string;
  readonly contractions: readonly { readonly id: string; readonly notes: string | null }[];
  readonly updates: readonly { readonly id: string; readonly type: string }[];
}

describe('A labour', () => {
  let lab: Lab;
  let api: AppProcess;
  const streams: EventStream[] = [];

  beforeAll(async () => {
    lab = await Lab.with({ apis: 1, workers: 1 });
    [api] = lab.apis as [AppProcess];
  });
  afterEach(() => {
    for (const stream of streams.splice(0)) stream.close();
  });
  afterAll(() => lab?.close());

  async function person(more: object = {}): Promise<Person> {
    const made = new Person(api, lab.database);
    expect(await made.register(more)).toMatchObject({ status: 201 });
    await made.login();
    return made;
  }

  const ask = (who: Person, method: Method, path: string, body?: object): Promise<HttpAnswer> =>
    who.send(method, path, body, method === 'GET' ? {} : { prefer: 'wait=10' });

  /** A birthing person whose labour is under way. */
  async function birthingPerson(more: object = { first_labour: true }): Promise<Person> {
    const ada = await person({ name: 'Ada L.' });
    expect((await ask(ada, 'POST', '/birthing-persons')).status).toBeLessThan(202);
    expect(await ask(ada, 'POST', '/labours/begin', more)).toMatchObject({ status: 200 });
    return ada;
  }

  async function listen(who: Person): Promise<EventStream> {
    const stream = await EventStream.open(api.port, `Bearer ${who.accessToken}`);
    streams.push(stream);
    return stream;
  }

  it('says what it was told, in numbers to the digit', async () => {
    const ada = await birthingPerson({ first_labour: true, start_time: '2026-03-01T09:30:00Z' });
    const worked: readonly [start: string, end: string, intensity: number][] = [
      ['10:00:00', '10:00:50', 4],
      ['10:05:30', '10:06:30', 5],
      ['10:10:00', '10:11:10', 6],
      ['10:14:00', '10:15:15', 7],
    ];
    const patterns: unknown[] = [];
    for (const [start, end, intensity] of worked) {
      const begun = await ask(ada, 'POST', '/labours/active/contractions', { start_time: `2026-03-01T${start}Z` });
      expect(begun).toMatchObject({ status: 200 });
      const ended = await ask(ada, 'PUT', '/labours/active/contractions/end', {
        end_time: `2026-03-01T${end}Z`,
        intensity,
      });
      patterns.push((ended.body as { pattern: unknown }).pattern);
    }
    expect(patterns).toEqual([
      null,
      null,
      { average_duration_minutes: 1, average_intensity: 5, average_interval_minutes: 4.1, phase: 'early' },
      { average_duration_minutes: 1.1, average_intensity: 6, average_interval_minutes: 3.2, phase: 'active' },
    ]);
    const { id } = (await ask(ada, 'GET', '/labours/active')).body as Labour;
    const total = { contraction_count: 4, average_duration: 63.75, average_intensity: 5.5, average_frequency: 280 };
    expect((await ask(ada, 'GET', `/labours/${id}/statistics`)).body).toEqual({
      last_30_mins: null,
      last_60_mins: null,
      total,
    });
    const page = await ask(ada, 'GET', `/labours/${id}/contractions?limit=3&include=total`);
    expect(page.body).toMatchObject({
      items: [{ duration: '0m 50s' }, { duration: '1m 0s' }, { duration: '1m 10s' }],
      total: 4,
      next_cursor: expect.any(String),
    });
  });
});
