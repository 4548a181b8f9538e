import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import { AddSubscriber, RemoveSubscriber, type SubscriberRole } from '#contexts/labour/contract/index.js';
import { derivedId, newId } from '#kernel';
import { development } from '#platform/config/development.js';
import { EnvelopeSeal } from '#platform/messaging/envelope.js';
import { systemEnvelope } from '#platform/messaging/system-envelope.js';
import { withoutKeys } from '#platform/privacy/privacy.js';
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

const seal = new EnvelopeSeal(development.envelopeKeys);

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

  /** Lets the news come that the context's own policy brings. */
  async function hears(news: AddSubscriber | RemoveSubscriber): Promise<void> {
    const sent = { id: newId(), author: 'system', roles: ['admin'], acceptedAt: new Date(), correlationId: newId() };
    const { body, lane, ...envelope } = systemEnvelope(news, sent, withoutKeys);
    const routingKey = lab.broker.routingKey('labour', lane);
    await lab.broker.publish([{ routingKey, body, properties: seal.seal({ ...envelope, lane, body }) }]);
    await lab.client(newId(), { roles: ['user', 'admin'] }).outcome(sent.id);
  }

  const subscription = (ada: Person, to: Person) => ({
    birthingPersonId: ada.id,
    subscriptionId: derivedId('subscription', ada.id, to.id),
    subscriberId: to.id,
  });

  async function follower(ada: Person, role: SubscriberRole): Promise<Person> {
    const made = await person();
    await hears(new AddSubscriber({ ...subscription(ada, made), role, version: 1 }));
    return made;
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

  it('is read by those who follow, and written by birth partners', async () => {
    const ada = await birthingPerson();
    const theirs = `/birthing-persons/${ada.id}/labours/active`;
    const [partner, friend, gone] = [
      await follower(ada, 'birth_partner'),
      await follower(ada, 'loved_one'),
      await follower(ada, 'loved_one'),
    ];
    await hears(new RemoveSubscriber({ ...subscription(ada, gone), version: 2 }));
    const start = { notes: 'In the back' };
    expect(await ask(partner, 'POST', `${theirs}/contractions`, start)).toMatchObject({ status: 200 });
    expect(await ask(partner, 'PUT', `${theirs}/contractions/end`, { intensity: 5 })).toMatchObject({ status: 200 });
    await ask(partner, 'POST', `${theirs}/updates`, { type: 'private_note', message: 'She would rather be alone' });
    await ask(ada, 'POST', '/labours/active/updates', { type: 'status_update', message: 'At home' });

    const seenBy = async (who: Person) => {
      const { id, contractions, updates } = (await ask(who, 'GET', theirs)).body as Labour;
      const listed = (await ask(who, 'GET', `/labours/${id}/updates`)).body as { items: Labour['updates'] };
      expect(new Set(listed.items.map((one) => one.id))).toEqual(new Set(updates.map((one) => one.id)));
      return { notes: contractions.map(({ notes }) => notes), updates: updates.map(({ type }) => type) };
    };
    const everything = { notes: ['In the back'], updates: ['private_note', 'private_note', 'status_update'] };
    expect(await seenBy(ada)).toEqual(everything);
    expect(await seenBy(partner)).toEqual(everything);
    expect(await seenBy(friend)).toEqual({ notes: [null], updates: ['status_update'] });

    const none = { status: 404, body: expect.objectContaining({ reason: 'labour_not_found' }) };
    expect(await ask(friend, 'POST', `${theirs}/contractions`, {})).toMatchObject(none);
    const { id } = (await ask(ada, 'GET', '/labours/active')).body as Labour;
    for (const other of [gone, await person()])
      for (const path of [theirs, `${theirs}/summary`, `/labours/${id}`, `/labours/${id}/statistics`])
        expect(await ask(other, 'GET', path)).toMatchObject(none);
    expect((await ask(ada, 'GET', '/birthing-persons/me')).body).toMatchObject({
      name: 'Ada L.',
      labours: [{ id, current_phase: 'early' }],
      subscribers: expect.arrayContaining([
        expect.objectContaining({ id: partner.id, role: 'birth_partner', name: partner.username }),
      ]),
    });
  });

  it('is told live to those who follow then, and to nobody else', async () => {
    const ada = await birthingPerson();
    const [partner, friend, gone, stranger] = [
      await follower(ada, 'birth_partner'),
      await follower(ada, 'loved_one'),
      await follower(ada, 'loved_one'),
      await person(),
    ];
    const [own, private_, open, ended, foreign] = [
      await listen(ada),
      await listen(partner),
      await listen(friend),
      await listen(gone),
      await listen(stranger),
    ];
    await ask(ada, 'POST', '/labours/active/contractions', { notes: 'In the back' });
    const at = { birthing_person_id: ada.id };
    for (const stream of [own, private_, open, ended]) {
      const { data } = await stream.next('contraction_started', at);
      expect(JSON.stringify(data)).not.toContain('In the back');
    }
    await hears(new RemoveSubscriber({ ...subscription(ada, gone), version: 2 }));
    await ask(ada, 'POST', '/labours/active/updates', { type: 'private_note', message: 'Tired' });
    await ask(ada, 'POST', '/labours/active/updates', { type: 'status_update', message: 'Soon' });
    for (const stream of [own, private_]) await stream.next('labour_update_posted', { message: 'Tired' });
    for (const stream of [own, private_, open]) await stream.next('labour_update_posted', { message: 'Soon' });
    const { updates } = (await ask(ada, 'GET', '/labours/active')).body as Labour;
    const soon = updates.find(({ type }) => type === 'status_update') as Labour['updates'][number];
    await ask(ada, 'PATCH', `/labours/active/updates/${soon.id}`, { type: 'private_note' });
    for (const stream of [own, private_]) await stream.next('labour_update_edited', { labour_update_id: soon.id });
    await open.next('labour_update_deleted', { labour_update_id: soon.id });
    await Promise.all([gone, stranger].map((who) => ask(who, 'POST', '/tasks', { title: 'the last to be told' })));
    for (const stream of [ended, foreign]) await stream.next('command');
    const told = ({ events }: EventStream) => events.filter(({ event }) => event !== 'command').map(({ data }) => data);
    expect(told(open).filter(({ message }) => message === 'Tired')).toEqual([]);
    expect(told(ended)).toHaveLength(1);
    expect(told(foreign)).toEqual([]);
  });

  it('keeps the account until it is complete, and goes with it then', async () => {
    const ada = await birthingPerson();
    const account = `/users/${ada.id}`;
    expect(await ask(ada, 'DELETE', account)).toMatchObject({ status: 400, body: { reason: 'labour_in_progress' } });
    expect(await ask(ada, 'PUT', '/labours/active/complete', { notes: 'A girl' })).toMatchObject({
      status: 200,
      body: { current_phase: 'complete', notes: 'A girl', recommendations: { go_to_hospital: false } },
    });
    expect(await ask(ada, 'GET', '/labours/active')).toMatchObject({
      status: 404,
      body: { reason: 'no_active_labour' },
    });
    const kept = (await ask(ada, 'GET', `${account}/personal-data`)).body as { data: { labour: unknown } };
    expect(kept.data.labour).toMatchObject({ labours: [{ notes: 'A girl' }], history: expect.any(Array) });
    expect(await ask(ada, 'DELETE', account)).toMatchObject({ status: 204 });
    await eventually('nothing of the labour is left', async () => {
      const rows = await lab.database.query('select from labour.birthing_people where id = $1', [ada.id]);
      return rows.length === 0;
    });
  });
});
