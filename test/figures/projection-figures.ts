import 'reflect-metadata';

import { performance } from 'node:perf_hooks';

import { eventually } from '#testing/eventually.js';
import { Lab } from '#testing/lab.js';
import { OwnServers } from '#testing/servers.js';

/**
 * How fast read models follow the log, and how fast they are made anew, all on this machine alone.
 * Run by `node dist/test/figures/projection-figures.js`, with TEST_DATABASE_URL and TEST_RABBITMQ_URL or on servers of its
 * own. EVENTS says how many events the log has.
 */
const tasks = Math.ceil(Number(process.env.EVENTS ?? 200_000) / 4);
const events = 4 * tasks;
/** So many events have one transaction, as under load. */
const inOne = 200;
const within = 600_000;

const named = process.env.TEST_DATABASE_URL && process.env.TEST_RABBITMQ_URL;
const own = named ? undefined : await OwnServers.start('figures');
const lab = await Lab.with({ workers: 0, apis: 0, servers: own });
try {
  await write();
  // The analysis that autovacuum would have made by now.
  await lab.database.query('analyze');
  await lab.worker();
  console.log(`${events} events, ${tasks} tasks of ${Math.ceil(tasks / 25)} people`);
  await Promise.all(['tasks.task_summary', 'platform.activity'].map(follow));
  for (const name of ['tasks.task_list', 'tasks.task_summary', 'platform.activity']) await rebuild(name);
} finally {
  await lab.close();
  await own?.remove();
}

/** Tasks from creation to completion, in a mixed order. */
async function write(): Promise<void> {
  await lab.database.query(`
    create procedure public.figures() language plpgsql as $$
    begin
      for n in 0..${Math.ceil(events / inOne) - 1} loop
        insert into platform.events (stream_type, stream_id, version, type, data, metadata, occurred_at)
        select 'tasks.task', md5('task ' || t)::uuid, v,
          (array['task.created.v1', 'task.updated.v1', 'task.started.v1', 'task.completed.v1'])[v],
          jsonb_build_object('task_id', md5('task ' || t)::uuid, 'user_id', md5('user ' || t % ${Math.ceil(tasks / 25)})::uuid,
            'title', 'one of many tasks', 'description', 'what there is to be done about it', 'priority', 'high',
            'status', 'pending', 'updated_at', now(), 'started_at', now(), 'completed_at', now(), 'changed', '[]'::jsonb),
          jsonb_build_object('command_id', gen_random_uuid(), 'correlation_id', gen_random_uuid(), 'actor', gen_random_uuid()),
          now()
        from (
          select 50 * (k / 200) + k % 50 as t, 1 + k / 50 % 4 as v
          from generate_series(n * ${inOne}, (n + 1) * ${inOne} - 1) as k
        ) as steps;
        commit;
      end loop;
    end $$`);
  await lab.database.query('call public.figures()');
  await lab.database.query('drop procedure public.figures()');
}

/** Prints how many events a second it reads, both at once as in a worker that was away. */
async function follow(name: string): Promise<void> {
  const read = async (): Promise<number> =>
    (
      await lab.database.one<{ n: number }>(
        `select coalesce((select position from platform.checkpoints where name = $1), 0)::int as n`,
        [name],
      )
    ).n;
  const first = await eventually(`${name} is read`, read, { within, every: 5 });
  const began = performance.now();
  await eventually(`${name} is read to its end`, async () => (await read()) >= events, { within, every: 20 });
  console.log(`${name} followed: ${perSecond(events - first, began)} events/s`);
}

async function rebuild(name: string): Promise<void> {
  await lab.database.query(
    `update platform.projections set rebuild = 'asked', rebuild_version = null, rebuild_asked_at = now() where name = $1`,
    [name],
  );
  const state = async (): Promise<string | null> =>
    (
      await lab.database.one<{ rebuild: string | null }>('select rebuild from platform.projections where name = $1', [
        name,
      ])
    ).rebuild;
  await eventually(`${name} is begun`, async () => (await state()) !== 'asked', { within, every: 5 });
  const began = performance.now();
  await eventually(`${name} is made anew`, async () => (await state()) === null, { within, every: 20 });
  console.log(`${name} made anew: ${perSecond(events, began)} events/s, indexes and exchange included`);
}

function perSecond(count: number, began: number): number {
  return Math.round(count / ((performance.now() - began) / 1_000));
}
