import { describe, expect, it } from '@jest/globals';

import type { Answer, Clock, Problem } from './api-client.js';
import { importLog, type ImportOptions } from './import.js';
import type { NewEvent, Plan } from './mapping.js';

const clock: Clock = { now: () => 0, pause: () => Promise.resolve() };
const options: ImportOptions = {
  concurrency: 2,
  progress: { start: () => undefined, step: () => undefined, stop: () => undefined },
  clock,
};

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

  it('sends the halves of a batch that is more than the API takes', async () => {
    const api = new FussyApi(30);
    expect(await importLog(api, planOf(numbers.map((n) => eventOf(n))), options)).toMatchObject({
      events: 230,
      problems: [],
    });
    expect(api.recorded).toHaveLength(230);
  });
});
