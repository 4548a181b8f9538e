import fastify from 'fastify';
import pg from 'pg';

import { announceReady, setting } from '../setting.js';
import { userOf } from './token-check.js';

const active = `status in ('pending', 'in_progress')`;
const overdue = `(${active} and coalesce(due_date < now(), false))`;
const columns = `id, version, user_id, title, description, status, priority, category_id, due_date, completed_at,
  created_at, updated_at, ${active} as is_active, ${overdue} as is_overdue`;

/** The statements of ContextFlow. */
const byId = {
  name: 'by_id',
  text: `select ${columns} from tasks.task_list where id = $1 and (user_id = $2 or $3)`,
};
const page = {
  name: 'page',
  text: `select ${columns}, (created_at)::text as sort_key from tasks.task_list
    where user_id = $1 and ($2::text[] is null or status = any($2)) and ($3::text[] is null or priority = any($3))
      and ($4::uuid is null or category_id = $4) and ($5::boolean is null or ${overdue} = $5)
      and ($6::timestamptz is null or due_date < $6) and ($7::timestamptz is null or due_date >= $7)
      and ($8::text is null or strpos(lower(title), lower($8)) > 0 or strpos(lower(description), lower($8)) > 0)
      and ($9::timestamptz is null or (created_at, id) < ($9::timestamptz, $10::uuid))
    order by created_at desc, id desc limit $11`,
};
const nothing = Array.from({ length: 9 }, () => null);

const pool = new pg.Pool({ connectionString: setting('DATABASE_URL'), max: 10 });
const app = fastify();

app.get<{ Params: { id: string } }>('/api/v1/tasks/:id', async ({ headers, params }, reply) => {
  const userId = userOf(headers);
  if (userId === undefined) return reply.code(401).send({});
  const { rows } = await pool.query<object>({ ...byId, values: [params.id, userId, false] });
  return rows[0] ?? reply.code(404).send({});
});

app.get('/api/v1/tasks', async ({ headers }, reply) => {
  const userId = userOf(headers);
  if (userId === undefined) return reply.code(401).send({});
  const { rows } = await pool.query<{ sort_key: string }>({ ...page, values: [userId, ...nothing, 21] });
  return { items: rows.slice(0, 20), next_cursor: rows[20]?.sort_key ?? null };
});

await app.listen({ port: Number(setting('PORT')), host: '127.0.0.1' });
announceReady();
