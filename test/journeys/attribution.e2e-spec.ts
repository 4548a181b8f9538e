import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { conversionList } from '#contexts/attribution/read-models/conversion-list.projection.js';
import { creditList } from '#contexts/attribution/read-models/credit-list.projection.js';
import { settingsModel } from '#contexts/attribution/read-models/settings.projection.js';
import { touchpointList } from '#contexts/attribution/read-models/touchpoint-list.projection.js';
import { newId } from '#kernel';
import type { Client } from '#testing/client.js';
import { eventually } from '#testing/eventually.js';
import type { HttpAnswer } from '#testing/http-client.js';
import { foldedReadModels } from '#testing/invariants/folded-read-models.js';
import { Lab } from '#testing/lab.js';

type Body = Readonly<Record<string, unknown>>;

const wait = { prefer: 'wait=10' };
const day = 86_400_000;
const convertedAt = Date.now() - day;
const daysBefore = (days: number): string => new Date(convertedAt - days * day).toISOString();

describe('Attribution', () => {
  let lab: Lab;
  let admin: Client;
  let analyst: Client;
  let service: Client;

  beforeAll(async () => {
    lab = await Lab.with({});
    admin = lab.client(newId(), { roles: ['admin'] });
    analyst = lab.client(newId(), { roles: ['analyst'] });
    service = lab.client(newId(), { roles: ['service'] });
  });
  afterAll(() => lab?.close());

  /** Tracks what a visitor did at a partner's, as many days before the conversions of these tests. */
  async function track(visitor: string, type: string, days: number, partner: string): Promise<string> {
    const { status, body, text } = await admin.post('/tracking/events', {
      partner_id: partner,
      campaign_id: `campaign of ${partner}`,
      visitor_id: visitor,
      interaction_type: type,
      source_url: 'https://partner.example/',
      destination_url: 'https://shop.example/',
      occurred_at: daysBefore(days),
    });
    if (status !== 201) throw new Error(`${status} ${text}`);
    return (body as { tracking_event_id: string }).tracking_event_id;
  }

  const convert = (visitor: string, value: string, currency: string, more: Body = {}): Promise<HttpAnswer> =>
    service.post(
      '/attribution/conversions',
      {
        visitor_id: visitor,
        conversion_type: 'purchase',
        value,
        currency,
        occurred_at: daysBefore(0),
        ...more,
      },
      wait,
    );

  const get = async (path: string): Promise<Body> => {
    const { status, body, text } = await analyst.get(`/attribution${path}`);
    if (status !== 200) throw new Error(`GET ${path} was answered ${status}: ${text}`);
    return body as Body;
  };

  const amounts = async (id: string, query: string): Promise<unknown[]> =>
    ((await get(`/conversions/${id}/credits?${query}`)).credits as Body[]).map(({ amount }) => amount);

  const attributed = (id: string, touchpoints: number): Promise<Body> =>
    eventually(`${touchpoints} touchpoints share ${id}`, async () => {
      const conversion = await get(`/conversions/${id}`);
      const { stored, credits } = await get(`/conversions/${id}/credits`);
      return conversion.touchpoints === touchpoints && stored === true && (credits as []).length === touchpoints
        ? conversion
        : undefined;
    });

  it('shares a conversion among the touchpoints before it, however late they come', async () => {
    const visitor = `v ${newId()}/ä`;
    const partners = ['north', 'east', 'south'].map((name) => `${name} ${newId()}`) as [string, string, string];
    await track(visitor, 'view', 14, partners[0]);
    const made = await convert(visitor, '100.00', 'USD', { external_id: `order ${newId()}` });
    expect(made.status).toBe(201);
    const { id } = made.body as { id: string };
    expect(made.headers.location).toBe(`/api/v1/attribution/conversions/${id}`);
    await track(visitor, 'engagement', 0, partners[2]);
    await track(visitor, 'click', 7, partners[1]);
    await track(visitor, 'click', -1, partners[1]);

    expect(await attributed(id, 3)).toMatchObject({ id, status: 'attributed', value: '100.00', visitor_id: visitor });
    expect(await amounts(id, 'model=linear')).toEqual(['33.34', '33.33', '33.33']);
    expect(await amounts(id, 'model=time_decay')).toEqual(['14.29', '28.57', '57.14']);
    expect(await amounts(id, 'model=time_decay&weighting=interaction')).toEqual(['2.04', '16.33', '81.63']);
    expect(await amounts(id, 'model=position_based')).toEqual(['40.00', '20.00', '40.00']);
    expect(await amounts(id, 'model=time_decay&half_life_days=3.5')).toEqual(['4.76', '19.05', '76.19']);
    expect(await amounts(id, 'model=first_touch&lookback_days=7')).toEqual(['100.00', '0.00']);

    const journeys = await eventually('the open journey is seen', async () => {
      const seen = (await get(`/visitors/${encodeURIComponent(visitor)}/journeys`)).journeys as Body[];
      return seen.length === 2 && seen;
    });
    expect(journeys).toMatchObject([
      { status: 'converted', conversion_id: id, touchpoints: partners.map((partner_id) => ({ partner_id })) },
      { status: 'active', conversion_id: null, touchpoints: [{ partner_id: partners[1] }] },
    ]);
    expect(await get('/reports?model=position_based')).toMatchObject({
      model: 'position_based',
      currency: 'USD',
      items: [
        { key: partners[0] < partners[2] ? partners[0] : partners[2], conversions: 0.4, attributed_value: '40.00' },
        { conversions: 0.4, attributed_value: '40.00', touchpoints: 1 },
        { key: partners[1], conversions: 0.2, attributed_value: '20.00', touchpoints: 1 },
      ],
      totals: { conversions: 1, attributed_value: '100.00', touchpoints: 3, unattributed_conversions: 0 },
    });
    expect(await get('/performance')).toMatchObject({
      items: expect.arrayContaining([
        expect.objectContaining({ key: partners[1], clicks: 2, views: 0, unique_visitors: 1, click_through_rate: 0 }),
      ]),
    });
  });

  it('writes reports as CSV', async () => {
    const [visitor, partner] = [newId(), `=cmd(${newId()})`];
    await track(visitor, 'click', 1, partner);
    const { id } = (await convert(visitor, '5.00', 'CHF')).body as { id: string };
    await attributed(id, 1);
    const ask = (accept: string): Promise<HttpAnswer> =>
      analyst.send({ path: '/api/v1/attribution/reports?currency=CHF', headers: { accept } });
    const csv = await ask('text/csv');
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(csv.text).toBe(`key,conversions,attributed_value,touchpoints\r\n'${partner},1,5.00,1\r\n`);
    expect((await ask('application/json, text/csv;q=0.9')).body).toMatchObject({ currency: 'CHF' });
    expect((await ask('text/html')).status).toBe(406);
    expect((await analyst.send({ path: '/api/v1/attribution/models', headers: { accept: 'text/csv' } })).status).toBe(
      406,
    );
  });

  it('knows an order once, whoever sends it', async () => {
    const [visitor, order] = [newId(), `order ${newId()}`];
    const first = await convert(visitor, '19.90', 'EUR', { external_id: order });
    const second = await convert(visitor, '19.9', 'EUR', { external_id: order });
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body).toEqual(first.body);
    const report = await analyst.send({
      path: '/api/v1/attribution/reports?currency=EUR',
      headers: { 'consistency-token': String(first.headers['consistency-token']) },
    });
    expect(report.headers.consistency).toBeUndefined();
    expect(report.body).toMatchObject({
      items: [],
      totals: { conversions: 0, unattributed_conversions: 1, unattributed_value: '19.90' },
    });
    for (const other of [
      await convert(visitor, '19.91', 'EUR', { external_id: order }),
      await convert(newId(), '19.90', 'EUR', { external_id: order }),
    ])
      expect([other.status, (other.body as Body).reason]).toEqual([409, 'conversion_already_exists']);

    const contested = `order ${newId()}`;
    const race = await Promise.all(
      Array.from({ length: 6 }, () => convert(newId(), '1.00', 'EUR', { external_id: contested })),
    );
    expect(race.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409, 409, 409]);
  });

  it('counts neither what is reversed nor what is discarded', async () => {
    const [visitor, partner] = [newId(), `partner ${newId()}`];
    const tracked = await track(visitor, 'click', 3, partner);
    await track(visitor, 'view', 2, partner);
    const { id: early } = (await convert(visitor, '10.00', 'SEK', { occurred_at: daysBefore(1) })).body as Body;
    const { id: late } = (await convert(visitor, '30.00', 'SEK')).body as Body;
    await attributed(early as string, 2);
    await attributed(late as string, 0);

    const reversed = await admin.post(
      `/attribution/conversions/${early as string}/reverse`,
      { reason: 'sent back' },
      wait,
    );
    expect(reversed.body).toMatchObject({ status: 'reversed', reversal_reason: 'sent back' });
    await attributed(late as string, 2);
    await admin.post(`/tracking/events/${tracked}/discard`, { reason: 'a robot' }, wait);
    await attributed(late as string, 1);

    expect(await get('/reports?currency=SEK&group_by=interaction_type')).toMatchObject({
      items: [{ key: 'view', conversions: 1, attributed_value: '30.00', touchpoints: 1 }],
      totals: { conversions: 1, attributed_value: '30.00' },
    });
    const again = await admin.post(`/attribution/conversions/${early as string}/reverse`, { reason: 'twice' }, wait);
    expect([again.status, (again.body as Body).reason]).toEqual([400, 'conversion_already_reversed']);
    expect((await get(`/visitors/${visitor}/journeys`)).journeys).toMatchObject([
      { status: 'reversed', conversion_id: early },
      { status: 'converted', conversion_id: late },
    ]);
    const list = await get(`/conversions?visitor_id=${visitor}&status=reversed`);
    expect(list).toMatchObject({ items: [{ id: early }], next_cursor: null });
  });

  it('keeps what was computed by other settings, until it is recalculated', async () => {
    const [visitor, partner] = [newId(), `partner ${newId()}`];
    await track(visitor, 'click', 20, partner);
    await track(visitor, 'click', 5, partner);
    const { id } = (await convert(visitor, '8.00', 'NOK')).body as { id: string };
    await attributed(id, 2);
    const put = (body: Body): Promise<HttpAnswer> =>
      admin.send({ method: 'PUT', path: '/api/v1/attribution/settings', body, headers: wait });
    const changed = await put({ lookback_days: 10 });
    expect([changed.status, changed.headers.location]).toEqual([200, expect.stringContaining('/commands/')]);
    expect(changed.body).toMatchObject({ version: 1, lookback_days: 10, half_life_days: 7 });
    // How often it was computed by then depends on what came first.
    const { calculation_version: before } = await attributed(id, 2);
    const again = await admin.post(`/attribution/conversions/${id}/recalculate`, undefined, wait);
    expect(again.body).toMatchObject({ touchpoints: 1, calculation_version: Number(before) + 1 });
    await attributed(id, 1);
    expect(await amounts(id, 'lookback_days=30')).toEqual(['4.00', '4.00']);
    expect((await put({})).body).toMatchObject({ version: 2, lookback_days: 30 });
    const refused = await put({ first_weight: 0.9 });
    expect([refused.status, (refused.body as Body).reason]).toEqual([400, 'weights_invalid']);
  });

  it('is for analysts, and changed by administrators', async () => {
    const user = lab.client(newId());
    const paths = ['reports', 'performance', 'models', 'settings', 'conversions'];
    for (const path of paths) {
      expect((await user.get(`/attribution/${path}`)).status).toBe(403);
      expect((await analyst.get(`/attribution/${path}`)).status).toBe(200);
    }
    const nobody = newId();
    expect((await analyst.get(`/attribution/visitors/${nobody}/journeys`)).body).toMatchObject({
      reason: 'visitor_not_found',
    });
    for (const path of [`conversions/${nobody}`, `conversions/${nobody}/credits`])
      expect((await analyst.get(`/attribution/${path}`)).body).toMatchObject({ reason: 'conversion_not_found' });
    expect((await admin.post(`/attribution/conversions/${nobody}/recalculate`)).status).toBe(404);
    expect((await analyst.post(`/attribution/conversions/${nobody}/recalculate`)).status).toBe(403);
    expect((await user.post('/attribution/conversions', {})).status).toBe(403);
    expect((await analyst.get('/attribution/visitors/%00/journeys')).status).toBe(400);
  });

  it('has rows that say what happened, and the same ones when they are made anew', async () => {
    const { database, processes } = lab;
    const projections = [settingsModel, conversionList, touchpointList, creditList];
    expect(await foldedReadModels({ database, processes, projections })).toEqual([]);
    for (const { name } of [conversionList, creditList]) {
      await database.query(`update ${name} set currency = 'XXX'`);
      await lab.operate(`/projections/${name}/rebuild`, { reason: 'they are wrong' });
    }
    const folded = async (): Promise<boolean> =>
      (await foldedReadModels({ database, processes, projections })).length === 0;
    await eventually('they are made anew', folded, { every: 200 });
    await lab.end();
  });
});
