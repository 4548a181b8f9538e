import 'reflect-metadata';

import { performance } from 'node:perf_hooks';

import { newId } from '#kernel';
import { eventually } from '#testing/eventually.js';
import { Lab } from '#testing/lab.js';
import { OwnServers } from '#testing/servers.js';

/**
 * How many interactions a second get from HTTP into the read model, told alone and in batches, with one API and WORKERS
 * workers (1) of tracking alone, all on this machine.
 * Run by `node dist/test/figures/tracking-figures.js`, with TEST_DATABASE_URL and TEST_RABBITMQ_URL or on servers of its
 * own. EVENTS says how many are sent in each way.
 */
const events = Number(process.env.EVENTS ?? 20_000);
const workers = Number(process.env.WORKERS ?? 1);
const connections = 64;
const batchesTogether = 8;
const inBatch = 100;
const later = { prefer: 'respond-async' };

const named = process.env.TEST_DATABASE_URL && process.env.TEST_RABBITMQ_URL;
const own = named ? undefined : await OwnServers.start('figures');
const lab = await Lab.with({ workers: 0, servers: own });
await Promise.all(Array.from({ length: workers }, () => lab.worker({ WORKER_CONTEXTS: 'tracking' })));
const service = lab.client(newId(), { roles: ['service'] });
try {
  await alone(1_000);
  report('alone, not waited for', await alone(events));
  report(`${inBatch} at once, not waited for`, await batches(events, later));
  report(`${inBatch} at once, waited for`, await batches(events));
} finally {
  await lab.close();
  await own?.remove();
}

interface Rates {
  /** Until the last was answered, a second. */
  readonly answered: number;
  /** Until the last was shown, a second. */
  readonly shown: number;
}

function report(how: string, { answered, shown }: Rates): void {
  console.log(`${how}: ${Math.round(answered)} events/s answered, ${Math.round(shown)} events/s in the read model`);
}

function alone(count: number): Promise<Rates> {
  return measured(count, connections, count, async () => {
    await service.command('/tracking/events', interaction(), later);
  });
}

function batches(count: number, headers?: Readonly<Record<string, string>>): Promise<Rates> {
  return measured(count, batchesTogether, count / inBatch, async () => {
    const answer = await service.post(
      '/tracking/events/batch',
      { events: Array.from({ length: inBatch }, interaction) },
      headers,
    );
    if (answer.status >= 300) throw new Error(`a batch was answered ${answer.status}: ${answer.text}`);
  });
}

async function measured(count: number, together: number, requests: number, send: () => Promise<void>): Promise<Rates> {
  const before = await countShown();
  let left = requests;
  const began = performance.now();
  const sender = async (): Promise<void> => {
    while (left-- > 0) await send();
  };
  await Promise.all(Array.from({ length: together }, sender));
  const answered = perSecond(count, began);
  const all = async (): Promise<boolean> => (await countShown()) === before + count;
  await eventually('all are shown', all, { within: 300_000, every: 50 });
  return { answered, shown: perSecond(count, began) };
}

async function countShown(): Promise<number> {
  return (await lab.database.one<{ n: number }>('select count(*)::int as n from tracking.tracking_events')).n;
}

function perSecond(count: number, began: number): number {
  return count / ((performance.now() - began) / 1000);
}

function interaction(): object {
  const visitor = newId().slice(-6);
  return {
    partner_id: `partner-${visitor.slice(-1)}`,
    campaign_id: 'spring-sale',
    visitor_id: visitor,
    interaction_type: 'view',
    source_url: 'https://search.example/?q=cribs',
    destination_url: 'https://shop.example/cribs?utm_campaign=spring-sale',
  };
}
