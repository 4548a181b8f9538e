import type { TestDatabase } from '#testing/test-database.js';

import { taskId, userId } from './work.js';

/** Tasks that have been created already: their events, and their rows. */
export async function existingTasks(database: TestDatabase, count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, n) => ({ id: taskId(n), user_id: userId(n) }));
  await database.query(
    `with input as materialized (select * from json_to_recordset($1) as t(id uuid, user_id uuid)),
     appended as (
       insert into platform.events (stream_type, stream_id, version, type, data, metadata, occurred_at)
       select 'tasks.task', id, 1, 'task.created.v1',
         jsonb_build_object('task_id', id, 'user_id', user_id, 'title', 'one of many tasks',
           'description', 'what there is to be done about it', 'priority', 'high', 'status', 'pending'),
         jsonb_build_object('command_id', gen_random_uuid(), 'correlation_id', gen_random_uuid(), 'actor', user_id), now()
       from input
     )
     insert into tasks.task_list (id, version, user_id, title, description, status, priority, priority_rank, created_at,
       updated_at)
     select id, 1, user_id, 'one of many tasks', 'what there is to be done about it', 'pending', 'high', 3, now(), now()
     from input`,
    [JSON.stringify(rows)],
  );
  await database.query('analyze platform.events, tasks.task_list');
}

/** That task has been changed so often that its stream has so many events, none of which is to be told to others. */
export async function longStream(database: TestDatabase, id: string, events: number): Promise<void> {
  await database.query(
    `insert into platform.events (stream_type, stream_id, version, type, data, metadata, occurred_at)
     select stream_type, stream_id, v, 'task.updated.v1',
       data || jsonb_build_object('title', 'title at ' || v, 'updated_at', to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
         'changed', '["title"]'::jsonb), metadata || '{"private": true}', now()
     from platform.events, generate_series(2, $2) as v where stream_id = $1`,
    [id, events],
  );
  await database.query('update tasks.task_list set version = $2 where id = $1', [id, events]);
  await database.query('analyze platform.events');
}

/** So many events have one transaction, as under load. */
const inOne = 200;

/**
 * A log of tasks that were created, changed, started and changed again, in a mixed order, without their rows.
 * @returns how many events it has
 */
export async function manyEvents(database: TestDatabase, wanted: number): Promise<number> {
  const transactions = Math.ceil(wanted / inOne);
  const people = Math.ceil(wanted / 100);
  await database.query(`
    create procedure public.many_events() language plpgsql as $$
    begin
      for n in 0..${transactions - 1} loop
        insert into platform.events (stream_type, stream_id, version, type, data, metadata, occurred_at)
        select 'tasks.task', md5('task ' || t)::uuid, v,
          (array['task.created.v1', 'task.updated.v1', 'task.started.v1', 'task.updated.v1'])[v],
          jsonb_build_object('task_id', md5('task ' || t)::uuid, 'user_id', md5('user ' || t % ${people})::uuid,
            'title', 'one of many tasks', 'description', 'what there is to be done about it', 'priority', 'high',
            'status', 'pending', 'updated_at', now(), 'started_at', now(), 'changed', '[]'::jsonb),
          jsonb_build_object('command_id', gen_random_uuid(), 'correlation_id', gen_random_uuid(), 'actor', gen_random_uuid()),
          now()
        from (
          select 50 * (k / 200) + k % 50 as t, 1 + k / 50 % 4 as v
          from generate_series(n * ${inOne}, (n + 1) * ${inOne} - 1) as k
        ) as steps;
        commit;
      end loop;
    end $$`);
  await database.query('call public.many_events()');
  await database.query('drop procedure public.many_events()');
  await database.query('analyze platform.events');
  return transactions * inOne;
}
