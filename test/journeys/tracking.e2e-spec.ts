import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import { eventually } from '#testing/eventually.js';
import { HttpClient, type HttpAnswer } from '#testing/http-client.js';
import { Lab } from '#testing/lab.js';

import { Caller } from './caller.js';

interface Item {
  readonly index: number;
  readonly status: string;
  readonly tracking_event_id?: string;
  readonly command_id?: string;
  readonly problem?: { readonly reason: string; readonly status: number; readonly errors?: { pointer: string }[] };
}

const event = (fields: object = {}): object => ({
  partner_id: 'search.example',
  campaign_id: 'spring-sale',
  visitor_id: 'v-81f3',
  interaction_type: 'click',
  source_url: 'https://search.example/?q=cribs',
  destination_url: 'https://shop.example/cribs?utm_campaign=spring-sale',
  ...fields,
});

const later = { prefer: 'respond-async' };

describe('Tracking what visitors do', () => {
  let lab: Lab;
  let anybody: HttpClient;
  let service: Caller;
  let analyst: Caller;
  let admin: Caller;

  const tell = (body: object, headers?: Readonly<Record<string, string>>): Promise<HttpAnswer> =>
    anybody.send({ method: 'POST', path: '/api/v1/tracking/events', body, headers });
  const tellEach = async (events: readonly unknown[], headers: Readonly<Record<string, string>> = {}) => {
    const answer = await service.post('/tracking/events/batch', { events }, headers);
    return { ...answer, items: answer.body.items as readonly Item[] };
  };

  beforeAll(async () => {
    lab = await Lab.with({});
    const [api] = lab.apis;
    anybody = new HttpClient(api!.port);
    const caller = (role: string): Caller => new Caller(api!, newId(), [role]);
    [service, analyst, admin] = [caller('service'), caller('analyst'), caller('admin')];
  });
  afterAll(async () => {
    anybody?.close();
    for (const caller of [service, analyst, admin]) caller?.close();
    await lab?.close();
  });

  it('takes an interaction from anybody, and shows it to analysts', async () => {
    const { status, body, headers } = await tell(event({ metadata: { placement: 'top' } }));
    const { tracking_event_id: id, processing_time_ms: took, ...rest } = body as Record<string, unknown>;
    expect({ status, rest }).toEqual({
      status: 201,
      rest: { status: 'recorded', message: 'the interaction was recorded' },
    });
    expect(took).toBeGreaterThanOrEqual(0);
    expect(headers.location).toBe(`/api/v1/tracking/events/${String(id)}`);
    const shown = await analyst.get(`/tracking/events/${String(id)}`);
    expect(shown).toMatchObject({
      status: 200,
      body: { ...event(), metadata: { placement: 'top' }, status: 'recorded' },
    });
    expect(shown.body.occurred_at).toBe(shown.body.recorded_at);
  });

  it('does not keep anybody waiting who does not want to', async () => {
    const { status, body, headers } = await tell(event(), later);
    expect({ status, applied: headers['preference-applied'] }).toEqual({ status: 202, applied: 'respond-async' });
    const { resource_id: id } = body as { resource_id: string };
    await eventually('it is shown', async () => (await analyst.get(`/tracking/events/${id}`)).status === 200);
  });

  it('takes the same interaction once, however often it is told', async () => {
    const told = event({ event_id: newId(), visitor_id: newId() });
    const answers = await Promise.all([tell(told), tell(told), tell(told)]);
    for (const { status, body } of [...answers, await tell(told)])
      expect({ status, body }).toMatchObject({ status: 201, body: { status: 'recorded' } });
    const { visitor_id: visitor } = told as { visitor_id: string };
    expect((await analyst.get(`/tracking/events?visitor_id=${visitor}`)).body.items).toHaveLength(1);
    expect(await tell({ ...told, campaign_id: 'other' })).toMatchObject({
      status: 409,
      body: { code: 'CONFLICT', reason: 'tracking_event_already_exists' },
    });
  });

  it.each([
    [{ partner_id: ' ' }, 'field_required'],
    [{ interaction_type: 'Click' }, 'interaction_type_invalid'],
    [{ source_url: 'ftp://example.org' }, 'url_invalid'],
    [{ visitor_id: 'x'.repeat(256) }, 'field_too_long'],
    [{ occurred_at: '2999-01-01T00:00:00Z' }, 'occurred_at_in_future'],
    [{ occurred_at: '2020-01-01T00:00:00Z' }, 'occurred_at_too_old'],
  ])('refuses %j', async (fields, reason) => {
    expect(await tell(event(fields))).toMatchObject({ status: 400, body: { reason } });
  });

  it('takes many at once, and what is wrong with one is no fault of the others', async () => {
    const [mine, visitor] = [newId(), newId()];
    const { status, items, headers } = await tellEach([
      event({ event_id: mine, visitor_id: visitor }),
      event({ interaction_type: 'hover', source_url: undefined }),
      'no event',
      event({ event_id: mine, campaign_id: 'other' }),
      event({ occurred_at: '2020-01-01T00:00:00Z' }),
      event({ visitor_id: visitor }),
    ]);
    expect(status).toBe(200);
    expect(headers).toHaveProperty('consistency-token');
    expect(items.map((item) => [item.index, item.status, item.problem?.reason, item.problem?.status])).toEqual([
      [0, 'recorded', undefined, undefined],
      [1, 'rejected', 'validation_failed', 400],
      [2, 'rejected', 'object_expected', 400],
      [3, 'rejected', 'tracking_event_already_exists', 409],
      [4, 'rejected', 'occurred_at_too_old', 400],
      [5, 'recorded', undefined, undefined],
    ]);
    expect(items[0]?.tracking_event_id).toBe(mine);
    expect(items[1]?.problem?.errors?.map(({ pointer }) => pointer)).toEqual([
      '/events/1/interaction_type',
      '/events/1/source_url',
    ]);
    const { body } = await analyst.get(`/tracking/events?visitor_id=${visitor}`);
    const shown = (body.items as { tracking_event_id: string }[]).map((item) => item.tracking_event_id);
    expect(new Set(shown)).toEqual(new Set([mine, items[5]?.tracking_event_id]));
  });

  it('answers many at once with the ids of all commands, and the same again for the same key', async () => {
    const [key, visitor] = [newId(), newId()];
    const events = Array.from({ length: 100 }, (_, n) => event({ visitor_id: visitor, metadata: { n } }));
    const first = await tellEach(events, { ...later, 'idempotency-key': key });
    expect(first).toMatchObject({ status: 202, headers: { 'preference-applied': 'respond-async' } });
    expect(new Set(first.items.map(({ command_id: id }) => id)).size).toBe(100);
    const again = await tellEach(events, { 'idempotency-key': key });
    expect(again.status).toBe(200);
    expect(again.items).toEqual(first.items.map((item) => ({ ...item, status: 'recorded' })));
    const { body } = await analyst.get(`/tracking/events?visitor_id=${visitor}&limit=1&include=total`);
    expect(body.total).toBe(100);
    expect(await service.settled(first.items[99]?.command_id)).toMatchObject({ status: 'succeeded' });
    expect(await tellEach(events.slice(1), { 'idempotency-key': key })).toMatchObject({
      status: 422,
      body: { reason: 'idempotency_key_reused' },
    });
  });

  it('takes 1 to 100 at once, from services and administrators', async () => {
    for (const events of [[], Array.from({ length: 101 }, () => event()), 'all'])
      expect((await service.post('/tracking/events/batch', { events })).status).toBe(400);
    expect((await service.post('/tracking/events/batch', { events: [event()] }, { 'if-match': '"1"' })).status).toBe(
      400,
    );
    expect((await analyst.post('/tracking/events/batch', { events: [event()] })).status).toBe(403);
    const body = { events: [event()] };
    expect((await anybody.send({ method: 'POST', path: '/api/v1/tracking/events/batch', body })).status).toBe(401);
    expect((await admin.post('/tracking/events/batch', body)).status).toBe(200);
  });

  it('counts what was not discarded', async () => {
    const campaign = newId();
    const events = ['v-1', 'v-1', 'v-2'].map((visitor) => event({ campaign_id: campaign, visitor_id: visitor }));
    const { items } = await tellEach(events);
    const discard = `/tracking/events/${items[2]?.tracking_event_id}/discard`;
    const reason = { reason: 'It was a robot' };
    expect((await analyst.post(discard, reason)).status).toBe(403);
    expect(await admin.post(discard, reason, { prefer: 'wait=10' })).toMatchObject({
      status: 200,
      body: { status: 'discarded', discard_reason: 'It was a robot' },
    });
    expect(await admin.post(discard, reason, { prefer: 'wait=10' })).toMatchObject({
      status: 400,
      body: { code: 'RULE_VIOLATION', reason: 'tracking_event_already_discarded' },
    });
    expect((await admin.post(`/tracking/events/${newId()}/discard`, reason, { prefer: 'wait=10' })).status).toBe(404);
    const { body } = await analyst.get('/tracking/stats?group_by=campaign&limit=1000');
    expect(body.items).toContainEqual({ key: campaign, events: 2, unique_visitors: 1 });
    for (const path of ['/tracking/events', '/tracking/stats?group_by=day', `/tracking/events/${newId()}`])
      expect((await service.get(path)).status).toBe(403);
    for (const path of ['/tracking/stats', '/tracking/stats?group_by=hour', '/tracking/events?sort=visitor_id'])
      expect((await analyst.get(path)).status).toBe(400);
  });

  it('tells anybody whether it works', async () => {
    expect(await anybody.send({ path: '/api/v1/tracking/health' })).toMatchObject({
      status: 200,
      body: { status: 'healthy', service: 'tracking' },
    });
  });

  it('leaves nothing behind', () => lab.end());
});
