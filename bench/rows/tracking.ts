import { newId } from '#kernel';
import { accessToken } from '#testing/access-tokens.js';
import { eventually } from '#testing/eventually.js';

import { environment, install } from '../installation.js';
import { LoadGenerator, requestText } from '../load/load.js';
import { interleaved, type Row } from '../row.js';

const alone = 'one by one';
const together = 'by the hundred';
const inBatch = 100;

/** Each way with as many connections as keep the API at work. */
const ways = {
  [alone]: { path: '/api/v1/tracking/events', body: interaction(), connections: 64, of: 1 },
  [together]: {
    path: '/api/v1/tracking/events/batch',
    body: { events: Array.from({ length: inBatch }, interaction) },
    connections: 8,
    of: inBatch,
  },
} as const;

export const tracking: Row = {
  name: 'tracking',
  title: 'tracking: from HTTP into the read model, with a fleet of its own',
  unit: 'events/s',
  goals: [{ of: together, against: alone, atLeast: 1 }],
  notes: [
    'Nothing is waited for (`Prefer: respond-async`). Events are counted from the first request until the last one of them is shown; one worker serves tracking and nothing else.',
  ],

  async measure(bench) {
    const { lab } = await install(bench);
    const [api] = await Promise.all([
      lab.api({ ...environment, RATE_LIMIT_TRACKING: '0' }),
      lab.worker({ ...environment, WORKER_CONTEXTS: 'tracking' }),
    ]);
    const load = new LoadGenerator();
    bench.after(() => load.close());
    const token = accessToken(newId(), ['service']);
    const shown = async (): Promise<number> =>
      (await lab.database.one<{ n: number }>('select count(*)::int as n from tracking.tracking_events')).n;

    const run = async ({ path, body, connections, of }: (typeof ways)[keyof typeof ways]): Promise<number> => {
      const requests = [requestText('POST', path, token, body, { Prefer: 'respond-async' })];
      const before = await shown();
      const began = performance.now();
      const { answered } = await load.run({ port: api.port, connections, requests, seconds: bench.size(5, 1) }, 202);
      const events = answered * of;
      const all = async (): Promise<boolean> => (await shown()) >= before + events;
      await eventually('all are shown', all, { within: 300_000, every: 50 });
      return events / ((performance.now() - began) / 1_000);
    };

    bench.expect(2 * (bench.rounds + 1));
    for (const [name, way] of Object.entries(ways)) await bench.step(`${name}, warming up`, () => run(way));
    return interleaved(bench, { [alone]: () => run(ways[alone]), [together]: () => run(ways[together]) });
  },
};

function interaction(): object {
  return {
    partner_id: 'search.example',
    campaign_id: 'spring-sale',
    visitor_id: 'somebody',
    interaction_type: 'view',
    source_url: 'https://search.example/?q=cribs',
    destination_url: 'https://shop.example/cribs?utm_campaign=spring-sale',
  };
}
