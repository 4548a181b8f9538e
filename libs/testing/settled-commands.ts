import type { TestDatabase } from './test-database.js';

/** Writes down rejections with details of that length, as if commands of that user had been run: much to tell at once. */
export async function settleMany(
  database: TestDatabase,
  userId: string,
  { rows, bytes }: { readonly rows: number; readonly bytes: number },
): Promise<void> {
  await database.query(
    `insert into platform.commands (id, type, context, lane, resource_id, author, status, problem, attempts, accepted_at)
     select gen_random_uuid(), 'tasks.start_task.v1', 'tasks', 'l', gen_random_uuid(), $1, 'rejected',
       jsonb_build_object('kind', 'rule_violation', 'reason', 'flood', 'detail', repeat('x', $2)), 1, now()
     from generate_series(1, $3)`,
    [userId, bytes, rows],
  );
}
