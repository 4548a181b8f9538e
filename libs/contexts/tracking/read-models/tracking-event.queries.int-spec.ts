import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newId } from '#kernel';
import { Cursors } from '#platform/http/cursors.js';
import { RecordedStreams } from '#testing/doubles/recorded-streams.js';

import type { TrackingEventRecorded } from '../contract/index.js';
import { TrackingEvent } from '../domain/tracking-event.js';
import { addresses, discarded, interaction, now, recorded } from '../doubles/tracking-scenario.js';
import { trackingEvents } from './tracking-event.projection.js';
import {
  TrackingEventListPage,
  TrackingEventQueries,
  TrackingStatsQuery,
  type Groupings,
} from './tracking-event.queries.js';

let world: RecordedStreams;
let queries: TrackingEventQueries;

beforeAll(async () => {
  world = await RecordedStreams.of(TrackingEvent, trackingEvents);
  queries = new TrackingEventQueries(world.reading, new Cursors('a secret'));
});
afterAll(() => world?.remove());

async function happened(occurredAt: string, fields: Partial<TrackingEventRecorded> = {}): Promise<string> {
  const trackingEventId = newId();
  await world.happened(now, recorded({ trackingEventId, occurredAt, ...fields }));
  return trackingEventId;
}

describe('Interactions', () => {
  let click: string;
  let view: string;
  let engagement: string;
  let robot: string;

  beforeAll(async () => {
    click = await happened('2026-02-28T10:00:00.000Z', { metadata: { placement: 'top' } });
    view = await happened('2026-02-28T23:59:59.999Z', { interactionType: 'view', partnerId: 'mail.example' });
    engagement = await happened('2026-03-01T00:00:00.000Z', { interactionType: 'engagement', visitorId: 'v-2' });
    robot = await happened('2026-03-01T05:00:00.000Z', { campaignId: 'autumn-sale' });
    await world.happened(now, discarded({ trackingEventId: robot }));
  });

  const pageOf = (page: Partial<TrackingEventListPage>) => queries.list(new TrackingEventListPage(page));
  const listed = async (page: Partial<TrackingEventListPage> = {}): Promise<string[]> =>
    (await pageOf(page)).items.map(({ tracking_event_id: id }) => id);

  const counted = (groupBy: (typeof Groupings)[number], more: Partial<TrackingStatsQuery> = {}) =>
    queries.stats(new TrackingStatsQuery({ groupBy, ...more }));

  it('are shown one by one with all that was told', async () => {
    expect(await queries.byId(click)).toEqual({
      tracking_event_id: click,
      version: 1,
      partner_id: interaction.partnerId,
      campaign_id: interaction.campaignId,
      visitor_id: interaction.visitorId,
      interaction_type: 'click',
      source_url: addresses.sourceUrl,
      destination_url: addresses.destinationUrl,
      metadata: { placement: 'top' },
      status: 'recorded',
      occurred_at: new Date('2026-02-28T10:00:00.000Z'),
      recorded_at: new Date('2026-03-01T09:00:00.000Z'),
      discarded_at: null,
      discard_reason: null,
    });
    expect(await queries.byId(robot)).toMatchObject({
      version: 2,
      status: 'discarded',
      discarded_at: new Date(now),
      discard_reason: 'It was a robot',
    });
    expect(await queries.byId(newId())).toBeUndefined();
  });

  it('are listed from the latest, or from the first', async () => {
    expect(await listed()).toEqual([robot, engagement, view, click]);
    expect(await listed({ sort: 'occurred_at' })).toEqual([click, view, engagement, robot]);
  });

  it('are listed by partner, campaign, visitor, type, status and time, each alone or together', async () => {
    expect(await listed({ partnerId: 'mail.example' })).toEqual([view]);
    expect(await listed({ campaignId: 'autumn-sale' })).toEqual([robot]);
    expect(await listed({ visitorId: 'v-2' })).toEqual([engagement]);
    expect(await listed({ interactionType: 'click' })).toEqual([robot, click]);
    expect(await listed({ status: 'discarded' })).toEqual([robot]);
    expect(await listed({ from: '2026-02-28T23:59:59.999Z', to: '2026-03-01T05:00:00Z' })).toEqual([engagement, view]);
    expect(await listed({ interactionType: 'click', status: 'recorded', to: '2026-02-28T10:00:00.001Z' })).toEqual([
      click,
    ]);
    expect(await listed({ partnerId: 'mail.example', visitorId: 'v-2' })).toEqual([]);
  });

  it('are listed page by page, and a cursor is good for its own filters only', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await pageOf({ limit: 3, include: 'total', cursor });
      expect(page.total).toBe(4);
      seen.push(...page.items.map(({ tracking_event_id: id }) => id));
      cursor = page.next_cursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual([robot, engagement, view, click]);
    const { next_cursor: other } = await pageOf({ limit: 1, interactionType: 'click' });
    await expect(listed({ cursor: other ?? '' })).rejects.toMatchObject({ details: { reason: 'cursor_invalid' } });
  });

  it('are counted by partner, the largest first, with their visitors, but for those that were discarded', async () => {
    expect(await counted('partner')).toEqual({
      items: [
        { key: 'search.example', events: 2, unique_visitors: 2 },
        { key: 'mail.example', events: 1, unique_visitors: 1 },
      ],
      totals: { events: 3, unique_visitors: 2 },
    });
    expect(await counted('campaign')).toMatchObject({ items: [{ key: 'spring-sale', events: 3, unique_visitors: 2 }] });
  });

  it('are counted by type, and by day in their order', async () => {
    expect((await counted('interaction_type')).items.map(({ key }) => key)).toEqual(['click', 'engagement', 'view']);
    expect((await counted('day')).items).toEqual([
      { key: '2026-02-28', events: 2, unique_visitors: 1 },
      { key: '2026-03-01', events: 1, unique_visitors: 1 },
    ]);
  });

  it('are counted within a time, its end excluded', async () => {
    expect(await counted('day', { from: '2026-03-01T00:00:00Z' })).toMatchObject({ totals: { events: 1 } });
    expect(await counted('day', { to: '2026-03-01T00:00:00Z' })).toMatchObject({ totals: { events: 2 } });
    expect(await counted('day', { from: '2030-01-01' })).toEqual({
      items: [],
      totals: { events: 0, unique_visitors: 0 },
    });
  });

  it('are counted in all, however few groups are asked for', async () => {
    expect(await counted('partner', { limit: 1 })).toMatchObject({
      items: [{ key: 'search.example' }],
      totals: { events: 3, unique_visitors: 2 },
    });
  });
});
