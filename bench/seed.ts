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
