import { describe, expect, it } from '@jest/globals';

import type { Answer, Clock, Problem } from './api-client.js';
import { importLog, type ImportOptions } from './import.js';
import type { NewConversion, NewEvent, Plan } from './mapping.js';
import { reports } from './report.js';

const clock: Clock = { now: () => 0, pause: () => Promise.resolve() };
const options: ImportOptions = {
  concurrency: 2,
  progress: { start: () => undefined, step: () => undefined, stop: () => undefined },
  clock,
};

/** Knows all events and orders from another day, but those that it is told of as new. */
class ApiOfAnotherDay {
  readonly timeLeft = 1;

  constructor(private readonly isNew: (id: string) => boolean) {}

  post<Body>(_path: string, _key: string, body: object): Promise<Answer<Body>> {
    const answer = (status: number, told: object): Promise<Answer<Body>> =>
      Promise.resolve({ status, body: told as Body & Problem, token: undefined });
    const { events, external_id: order } = body as { events?: readonly NewEvent[]; external_id: string };
    if (!events) return this.isNew(order) ? answer(201, {}) : answer(409, { reason: 'conversion_already_exists' });
    const items = events.map(({ event_id: id }, index) =>
      this.isNew(id)
        ? { index, status: 'recorded' }
        : { index, status: 'rejected', problem: { code: 'CONFLICT', reason: 'tracking_event_already_exists' } },
    );
    return answer(200, { items });
  }

  /** Has counted what is new, and nothing else in any period. */
  get<Body>(path: string): Promise<Answer<Body>> {
    const body: object = path.endsWith('performance')
      ? { totals: { clicks: 0, views: 3, engagements: 0 } }
      : {
          items: [],
          totals: { conversions: 1, unattributed_conversions: 0, attributed_value: '1', unattributed_value: '0' },
        };
    return Promise.resolve({ status: 200, body: body as Body & Problem, token: undefined });
  }
}

/** Takes so many events at once, and no request in which there is one of the partner `broken`. */
class FussyApi {
  readonly timeLeft = 1;
  readonly recorded: string[] = [];

  constructor(private readonly most: number) {}

  post<Body>(_path: string, _key: string, body: object): Promise<Answer<Body>> {
    const { events } = body as { events: readonly NewEvent[] };
    const answer = (status: number, told: object): Promise<Answer<Body>> =>
      Promise.resolve({ status, body: told as Body & Problem, token: undefined });
    if (events.length > this.most) return answer(413, { title: 'Too large' });
    if (events.some((event) => event.partner_id === 'broken')) return answer(400, { title: 'Not readable' });
    this.recorded.push(...events.map((event) => event.event_id));
    return answer(200, { items: events.map((_, index) => ({ index, status: 'recorded' })) });
  }
}

const eventOf = (n: number, partner = 'a.example'): NewEvent => ({
  event_id: String(n),
  partner_id: partner,
  campaign_id: 'home',
  visitor_id: 'v',
  interaction_type: 'view',
  source_url: 'https://a.example/',
  destination_url: 'https://shop.example/',
  occurred_at: '2026-11-21T12:00:00.000Z',
});
const orderOf = (id: string): NewConversion => ({
  external_id: id,
  visitor_id: 'v',
  conversion_type: 'purchase',
  value: '1',
  currency: 'EUR',
  occurred_at: '2026-11-21T12:00:00.000Z',
});
const planOf = (events: readonly NewEvent[]): Plan => ({
  lines: events.length,
  events: events.map((sent, index) => ({ line: index + 1, sent })),
  conversions: [],
  skipped: { requests: 0, robots: 0, repeated: 0, unreadable: [] },
});
const numbers = Array.from({ length: 230 }, (_, n) => n);

describe('An import', () => {
  it('sends the halves of a batch in which the API can read one event not', async () => {
    const api = new FussyApi(100);
    const events = numbers.map((n) => eventOf(n, [7, 150].includes(n) ? 'broken' : undefined));
    expect(await importLog(api, planOf(events), options)).toMatchObject({
      events: 228,
      problems: [
        { line: 8, problem: 'Not readable' },
        { line: 151, problem: 'Not readable' },
      ],
    });
    expect(new Set(api.recorded).size).toBe(228);
  });

  it('tells what it recorded from what was there already, and waits for reports of the former alone', async () => {
    const plan: Plan = {
      ...planOf(numbers.map((n) => eventOf(n))),
      conversions: ['1', 'old'].map((id, index) => ({ line: 300 + index, sent: orderOf(id) })),
    };
    const api = new ApiOfAnotherDay((id) => ['1', '2', '3'].includes(id));
    const imported = await importLog(api, plan, options);
    expect(imported).toEqual({ events: 3, conversions: 1, earlier: 228, problems: [] });
    const looks: number[] = [];
    const watch: Clock = { now: () => 0, pause: (ms) => Promise.resolve(void looks.push(ms)) };
    expect(await reports(api, plan, imported, watch)).toMatchObject([{ currency: 'EUR' }]);
    expect(looks).toHaveLength(3);
  });

  it('sends the halves of a batch that is more than the API takes', async () => {
    const api = new FussyApi(30);
    expect(await importLog(api, planOf(numbers.map((n) => eventOf(n))), options)).toMatchObject({
      events: 230,
      problems: [],
    });
    expect(api.recorded).toHaveLength(230);
  });
});
