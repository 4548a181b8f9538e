import { performance } from 'node:perf_hooks';

import type { TestDatabase } from '#testing/test-database.js';

/** Positions of a partition. */
const inOne = 50_000_000;

/**
 * Makes the log a partitioned table whose first partition is the present one, as docs/scaling.md plans it.
 * @returns how many seconds each step took
 */
export async function byPosition(database: TestDatabase): Promise<readonly (readonly [string, number])[]> {
  const { bound } = await database.one<{ bound: string }>(
    'select (max(position) + 1)::text as bound from platform.events',
  );
  const inside = `(era < 1 or (era = 1 and position < ${bound}))`;
  const next = Number(bound) + inOne;
  const steps: readonly (readonly [string, string])[] = [
    ['check of the bounds, not valid', `alter table platform.events add constraint bounds check ${inside} not valid`],
    ['validation, while everybody goes on', 'alter table platform.events validate constraint bounds'],
    [
      'streams, one row each',
      `create table platform.streams (stream_type text, stream_id uuid, version int not null, first_position bigint not null,
         primary key (stream_type, stream_id)) with (fillfactor = 80);
       insert into platform.streams
       select stream_type, stream_id, max(version), min(position) from platform.events group by 1, 2`,
    ],
    [
      'exchange, while nobody writes',
      `begin;
       alter table platform.events rename to events_1;
       alter table platform.events_1 alter position drop identity;
       alter table platform.events_1 rename constraint events_pkey to events_1_pkey;
       create table platform.events (like platform.events_1 including defaults) partition by range (era, position);
       alter table platform.events alter position add generated always as identity (start with ${bound});
       alter table platform.events add constraint events_pkey primary key (era, xid, position);
       alter table platform.events attach partition platform.events_1 for values from (minvalue, minvalue) to (1, ${bound});
       create table platform.events_2 partition of platform.events for values from (1, ${bound}) to (1, ${next});
       create unique index events_2_stream_version on platform.events_2 (stream_type, stream_id, version);
       commit`,
    ],
  ];
  const took: [string, number][] = [];
  for (const [name, statement] of steps) {
    const began = performance.now();
    await database.query(statement);
    took.push([name, (performance.now() - began) / 1_000]);
  }
  await database.query('analyze platform.events, platform.streams');
  return took;
}

/** New streams, each under the guard of its row in the table of streams. */
export const insertGuarded = (batch: number, count: number): string => `
  with input as materialized (
    select 'tasks.task' as stream_type, md5('new ' || ${batch} || ' ' || n)::uuid as stream_id, n
    from generate_series(1, ${count}) as n
  ), appended as (
    insert into platform.events (stream_type, stream_id, version, type, data, metadata, occurred_at)
    select stream_type, stream_id, 1, 'task.created.v1',
      jsonb_build_object('task_id', md5('new ' || n)::uuid, 'title', 'one of many tasks', 'priority', 'high', 'status', 'pending'),
      jsonb_build_object('command_id', gen_random_uuid(), 'correlation_id', gen_random_uuid(), 'actor', gen_random_uuid()), now()
    from input
    returning stream_type, stream_id, version, position
  )
  insert into platform.streams as s (stream_type, stream_id, version, first_position)
  select stream_type, stream_id, version, position from appended
  on conflict (stream_type, stream_id) do update set version = excluded.version where s.version = excluded.version - 1`;
