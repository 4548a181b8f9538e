import { describe, expect, it } from '@jest/globals';

import { renderChart } from './chart.js';
import { accessLog } from './generate.js';
import { parseLine } from './log-line.js';
import { plan, type PlanOptions } from './mapping.js';
import { models, renderTable, type CurrencyReport, type Model } from './report.js';

const now = new Date('2026-11-21T12:00:00Z');
const options: PlanOptions = {
  site: 'https://shop.example',
  conversion: '/thank-you',
  engagement: '/download',
  shiftToNow: false,
};

interface Parts {
  readonly address?: string;
  readonly at?: string;
  readonly request?: string;
  readonly status?: number;
  readonly referrer?: string;
  readonly agent?: string;
}

const line = ({
  address = '203.0.113.7',
  at = '10/Oct/2026:13:55:36 +0200',
  request = 'GET /cribs HTTP/1.1',
  status = 200,
  referrer = '-',
  agent = 'Firefox',
}: Parts = {}): string => `${address} - ada [${at}] "${request}" ${status} 2326 "${referrer}" "${agent}"`;

const planned = (...lines: readonly string[]) => plan(lines, options, now);
const eventOf = (parts: Parts) => planned(line(parts)).events[0]?.sent;
const orderOf = (target: string) => planned(line({ request: `GET ${target} HTTP/1.1` })).conversions[0]?.sent;

describe('A line of the log', () => {
  it('tells who asked for what, when, and where from', () => {
    expect(parseLine(line({ referrer: 'https://search.example/?q=%22', agent: String.raw`a \"b\" c` }))).toEqual({
      address: '203.0.113.7',
      at: new Date('2026-10-10T11:55:36Z'),
      method: 'GET',
      target: '/cribs',
      status: 200,
      referrer: 'https://search.example/?q=%22',
      userAgent: String.raw`a \"b\" c`,
    });
  });

  it.each([
    '',
    'no log at all',
    line({ at: '10/Foo/2026:13:55:36 +0000' }),
    line({ at: '99/Oct/2026:13:55:36 +0000' }),
    line({ request: String.raw`\x16\x03\x01` }),
    line({ request: 'GET http://elsewhere.example/ HTTP/1.1' }),
    '203.0.113.7 - - [10/Oct/2026:13:55:36 +0000] "GET / HTTP/1.1" 200 5',
  ])('is none when it is %j', (text) => {
    expect(parseLine(text)).toBeUndefined();
  });
});

describe('An interaction', () => {
  it.each<[Parts, string, string, string]>([
    [{}, 'direct', 'cribs', 'view'],
    [{ request: 'GET / HTTP/1.1' }, 'direct', 'home', 'view'],
    [{ referrer: 'http://Search.example:8080/x' }, 'search.example', 'cribs', 'click'],
    [{ referrer: 'https://shop.example/cart' }, 'shop.example', 'cribs', 'view'],
    [{ request: 'GET /cribs?utm_campaign=spring%20sale HTTP/1.1' }, 'direct', 'spring sale', 'click'],
    [{ request: 'GET /cribs?utm_source=x HTTP/1.1' }, 'direct', 'cribs', 'click'],
    [
      { request: 'GET /download/a.pdf HTTP/1.1', referrer: 'https://a.example/' },
      'a.example',
      'download',
      'engagement',
    ],
    [{ referrer: 'android-app://com.example' }, 'direct', 'cribs', 'view'],
  ])('of %j is led to by %s in %s: a %s', (parts, partner, campaign, type) => {
    expect(eventOf(parts)).toMatchObject({
      partner_id: partner,
      campaign_id: campaign,
      interaction_type: type,
      occurred_at: '2026-10-10T11:55:36.000Z',
    });
  });

  it('is in a campaign whose name the API takes, whatever stands in the log', () => {
    const campaignOf = (written: string) =>
      eventOf({ request: `GET /cribs?utm_campaign=${written} HTTP/1.1` })?.campaign_id;
    expect(campaignOf('a%00b%1F%0Ac%7F')).toBe('abc');
    expect(campaignOf('%00%20%01')).toBe('cribs');
    const smiles = `x${'%F0%9F%98%80'.repeat(300)}`;
    expect(campaignOf(smiles)).toBe(`x${'😀'.repeat(254)}`);
  });

  it('is of a visitor by a pseudonym, the same for the same address and program', () => {
    const [one, same, other] = [eventOf({}), eventOf({ request: 'GET / HTTP/1.1' }), eventOf({ agent: 'Safari' })];
    expect(same?.visitor_id).toBe(one?.visitor_id);
    expect(other?.visitor_id).not.toBe(one?.visitor_id);
    expect(one?.visitor_id).toMatch(/^[0-9a-f]{32}$/);
  });

  it('has the same id at every run, and another one than equal lines before it', () => {
    const [first, second] = [planned(line(), line()), planned(line(), line())];
    expect(second).toEqual(first);
    expect(new Set(first.events.map(({ sent }) => sent.event_id)).size).toBe(2);
    expect(plan([line()], { ...options, shiftToNow: true }, now).events[0]?.sent.event_id).toBe(
      first.events[0]?.sent.event_id,
    );
  });

  it.each<[Parts, string]>([
    [{ request: 'POST /cart HTTP/1.1' }, 'requests'],
    [{ status: 404 }, 'requests'],
    [{ status: 500 }, 'requests'],
    [{ agent: 'Mozilla/5.0 (compatible; Googlebot/2.1)' }, 'robots'],
    [{ agent: 'curl/8.5' }, 'robots'],
  ])('is not %j: it is counted among %s', (parts, kind) => {
    const { events, skipped } = planned(line(parts), 'nothing');
    expect({ events, skipped }).toMatchObject({ events: [], skipped: { [kind]: 1, unreadable: [2] } });
  });
});

describe('An order', () => {
  it('is worth what its page says', () => {
    expect(orderOf('/thank-you?order=A-1&value=12.50&currency=EUR')).toMatchObject({
      external_id: 'A-1',
      value: '12.50',
      currency: 'EUR',
    });
    expect(orderOf('/thank-you?order=%00A%0A-2')).toMatchObject({ external_id: 'A-2' });
    expect(orderOf('/thank-you/')).toMatchObject({ value: '0', currency: 'USD' });
  });

  it('counts once, however often its page is shown', () => {
    const page = line({ request: 'GET /thank-you?order=A-1&value=1 HTTP/1.1' });
    const { conversions, skipped } = planned(page, line(), page);
    expect(conversions.map((conversion) => conversion.line)).toEqual([1]);
    expect(skipped.repeated).toBe(1);
  });
});

describe('A log from another time', () => {
  it('is moved by whole days, all of it by the same, so that its last line is of the last 24 hours', () => {
    const lines = [line({ at: '01/Jan/2020:13:00:00 +0000' }), line({ at: '03/Jan/2020:11:59:59 +0000' })];
    const { events } = plan(lines, { ...options, shiftToNow: true }, now);
    expect(events.map(({ sent }) => sent.occurred_at)).toEqual([
      '2026-11-19T13:00:00.000Z',
      '2026-11-21T11:59:59.000Z',
    ]);
  });
});

describe('A generated log', () => {
  it('is the same for the same seed, and has something of everything', () => {
    const lines = accessLog(2_000);
    expect(accessLog(2_000)).toEqual(lines);
    expect(accessLog(2_000, 7)).not.toEqual(lines);
    const { events, conversions, skipped } = planned(...lines);
    expect(lines).toHaveLength(2_000);
    expect(new Set(events.map(({ sent }) => sent.interaction_type)).size).toBe(3);
    expect(new Set(conversions.map(({ sent }) => sent.currency))).toEqual(new Set(['USD', 'EUR']));
    for (const count of [skipped.requests, skipped.robots, skipped.repeated, skipped.unreadable.length])
      expect(count).toBeGreaterThan(0);
    const moments = events.map(({ sent }) => `${sent.visitor_id} ${sent.occurred_at}`);
    expect(new Set(moments).size).toBe(moments.length);
  });
});

describe('A report', () => {
  const row = (value: string) => Object.fromEntries(models.map((model) => [model, value])) as Record<Model, string>;
  const report: CurrencyReport = {
    currency: 'USD',
    earned: new Map([
      ['small.example', row('1.00')],
      ['<b>"big"</b>', row('99.50')],
    ]),
    totals: { conversions: 2, unattributed_conversions: 1, attributed_value: '100.50', unattributed_value: '7.00' },
  };

  it('is a table, whoever earned most first, with what nobody earned', () => {
    const table = renderTable(report).split('\n');
    expect(table.map((text) => text.split(/\s{2,}/)[0])).toEqual([
      'USD',
      '<b>"big"</b>',
      'small.example',
      'all',
      'unattributed',
    ]);
    expect(table[4]).toContain('7.00');
  });

  it('is a drawing, in which what stood in the log is text', () => {
    const svg = renderChart([report]);
    expect(svg.match(/<rect x="180"/g)).toHaveLength(2 * models.length);
    expect(svg).toContain('&lt;b&gt;&quot;big&quot;&lt;/b&gt;');
    expect(svg).not.toContain('<b>');
  });
});
