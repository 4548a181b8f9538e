import 'reflect-metadata';

import { performance } from 'node:perf_hooks';

import { newId } from '#kernel';
import { eventually } from '#testing/eventually.js';
import { Lab } from '#testing/lab.js';
import { OwnServers } from '#testing/servers.js';

/**
 * First figures of this machine, all on it alone: accepting, draining, and the idle round trip.
 * Run by `node dist/test/figures/first-figures.js`, with TEST_DATABASE_URL and TEST_RABBITMQ_URL or on servers of its own.
 */
const connections = 64;
const backlog = Number(process.env.BACKLOG ?? 20_000);
const roundTrips = Number(process.env.ROUND_TRIPS ?? 200);

const named = process.env.TEST_DATABASE_URL && process.env.TEST_RABBITMQ_URL;
const own = named ? undefined : await OwnServers.start('figures');
const lab = await Lab.with({ workers: 0, servers: own });
try {
  await accept(1_000);
  const accepting = await accept(backlog);
  console.log(`accepting: ${Math.round(accepting)} commands/s over ${connections} connections, no worker running`);
  console.log(
    `draining ${backlog + 1_000} creates by one worker: ${Math.round(await drain(backlog + 1_000))} commands/s`,
  );
  const times = await idleRoundTrips();
  console.log(
    `idle round trip from POST to "succeeded": p50 ${percentile(times, 50).toFixed(1)} ms, p99 ${percentile(times, 99).toFixed(1)} ms`,
  );
} finally {
  await lab.close();
  await own?.remove();
}

/** @returns how many commands were accepted in a second */
async function accept(count: number): Promise<number> {
  const client = lab.client(newId());
  let left = count;
  const began = performance.now();
  const send = async (): Promise<void> => {
    while (left-- > 0) await client.command('/tasks', { title: 'one of many', priority: 'high' });
  };
  await Promise.all(Array.from({ length: connections }, send));
  return perSecond(count, began);
}

/** @returns how many commands a second one worker settled, from the first on */
async function drain(count: number): Promise<number> {
  const settled = async (): Promise<number> =>
    (await lab.database.one<{ n: number }>('select count(*)::int as n from platform.commands')).n;
  await lab.worker();
  const within = 300_000;
  const atFirst = await eventually('the first is settled', settled, { within, every: 5 });
  const began = performance.now();
  await eventually('all are settled', async () => (await settled()) === count, { within, every: 50 });
  return perSecond(count - atFirst, began);
}

/** @returns milliseconds */
async function idleRoundTrips(): Promise<number[]> {
  const client = lab.client(newId());
  const times: number[] = [];
  for (let n = 0; n < roundTrips + 20; n++) {
    const began = performance.now();
    const { command_id: id } = await client.command('/tasks', { title: 'alone' });
    await client.outcome(id, ['succeeded'], { every: 1 });
    // The first ones warm up.
    if (n >= 20) times.push(performance.now() - began);
  }
  return times;
}

function perSecond(count: number, began: number): number {
  return count / ((performance.now() - began) / 1000);
}

function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? 0;
}
