import type { TestDatabase } from '#testing/test-database.js';

/** So many events have one transaction. */
const inOne = 20_000;

/**
 * A long log: tasks of four events each, as many as are wanted, in a mixed order. Without their rows. Indexes are made when
 * the rows are there.
 */
export async function longLog(database: TestDatabase, events: number): Promise<void> {
  const constraints = await database.query<{ name: string; definition: string }>(
    `select conname as name, pg_get_constraintdef(oid) as definition from pg_constraint
     where conrelid = 'platform.events'::regclass and contype in ('p', 'u') order by contype`,
  );
  for (const { name } of constraints) await database.query(`alter table platform.events drop constraint ${name}`);
  await database.query(`
    create procedure public.long_log() language plpgsql as $$
    begin
      for n in 0..${Math.ceil(events / inOne) - 1} loop
        insert into platform.events (stream_type, stream_id, version, type, data, metadata, occurred_at)
        select 'tasks.task', task, v,
          (array['task.created.v1', 'task.updated.v1', 'task.started.v1', 'task.completed.v1'])[v],
          jsonb_build_object('task_id', task, 'user_id', owner, 'title', 'one of many tasks',
            'description', 'what there is to be done about it', 'priority', 'high', 'status', 'pending',
            'updated_at', now(), 'started_at', now(), 'completed_at', now(), 'changed', '[]'::jsonb),
          jsonb_build_object('command_id', gen_random_uuid(), 'correlation_id', gen_random_uuid(), 'actor', owner), now()
        from (
          select md5('task ' || 50 * (k / 200) + k % 50)::uuid as task, md5('user ' || k % 50000)::uuid as owner,
            1 + k / 50 % 4 as v
          from generate_series(n * ${inOne}, least((n + 1) * ${inOne}, ${events}) - 1) as k
        ) as steps;
        commit;
      end loop;
    end $$`);
  await database.query('call public.long_log()');
  await database.query('drop procedure public.long_log()');
  for (const { name, definition } of constraints)
    await database.query(`alter table platform.events add constraint ${name} ${definition}`);
  await database.query('vacuum (analyze) platform.events');
}
