import { Ajv } from 'ajv';
import { connect, type ConsumeMessage } from 'amqplib';
import pg from 'pg';

import { announceReady, setting } from '../setting.js';

/** Of the size that ContextFlow's worker prefetches of a partition. */
const mostInOne = 500;
const writers = 2;

interface Payload {
  readonly task_id: string;
  readonly user_id: string;
  readonly title: string;
  readonly description?: string;
  readonly priority?: string;
}

const valid = new Ajv().compile<Payload>({
  type: 'object',
  required: ['task_id', 'user_id', 'title'],
  properties: {
    task_id: { type: 'string' },
    user_id: { type: 'string' },
    title: { type: 'string', minLength: 1, maxLength: 255 },
    description: { type: 'string', maxLength: 5000 },
    priority: { enum: ['low', 'medium', 'high', 'urgent'] },
  },
});

/** The rows that ContextFlow writes of a command that creates a task, all of them in one statement. */
const insert = {
  name: 'raw',
  text: `
    with input as materialized (
      select * from json_to_recordset($1) as t(id uuid, task_id uuid, user_id uuid, title text, description text,
        priority text, priority_rank int, author text, payload json, correlation_id text, accepted_at timestamptz)
    ), fresh as (
      insert into platform.commands (id, type, context, lane, resource_id, author, payload, status, result, attempts,
        correlation_id, accepted_at)
      select id, 'tasks.create_task.v1', 'tasks', task_id, task_id, author, payload, 'succeeded',
        '{"version":1,"created":true}', 1, correlation_id, accepted_at
      from input on conflict do nothing
      returning id
    ), appended as (
      insert into platform.events (stream_type, stream_id, version, type, data, metadata, occurred_at)
      select 'tasks.task', task_id, 1, 'task.created.v1',
        json_build_object('task_id', task_id, 'user_id', user_id, 'title', title, 'description', description,
          'priority', priority, 'status', 'pending'),
        json_build_object('command_id', id, 'correlation_id', correlation_id, 'actor', author), accepted_at
      from input join fresh using (id)
    )
    insert into tasks.task_list (id, version, user_id, title, description, status, priority, priority_rank, created_at,
      updated_at)
    select task_id, 1, user_id, title, description, 'pending', priority, priority_rank, accepted_at, accepted_at
    from input join fresh using (id)`,
};

const pool = new pg.Pool({ connectionString: setting('DATABASE_URL'), max: writers });
const broker = await connect(setting('RABBITMQ_URL'), { noDelay: true });
const channel = await broker.createChannel();
await channel.prefetch(mostInOne);
const waiting: ConsumeMessage[] = [];
let writing = 0;

for (const queue of setting('QUEUE').split(','))
  await channel.consume(queue, (message) => {
    if (!message) throw new Error(`${queue} is gone`);
    waiting.push(message);
    if (waiting.length === 1) setImmediate(next);
  });
announceReady();

function next(): void {
  while (writing < writers && waiting.length > 0) {
    writing++;
    void write(waiting.splice(0, mostInOne));
  }
}

async function write(messages: readonly ConsumeMessage[]): Promise<void> {
  await pool.query({ ...insert, values: [`[${messages.map(rowOf).join(',')}]`] });
  for (const message of messages) channel.ack(message);
  writing--;
  next();
}

function rowOf({ properties, content }: ConsumeMessage): string {
  const text = content.toString('utf8');
  const payload: unknown = JSON.parse(text);
  if (!valid(payload)) throw new Error('an invalid command');
  const { task_id, user_id, title, description = '', priority = 'medium' } = payload;
  const priority_rank = ['low', 'medium', 'high', 'urgent'].indexOf(priority) + 1;
  const { messageId: id, correlationId: correlation_id, headers } = properties;
  const { author, 'accepted-at': accepted_at } = headers as Record<string, string>;
  const about = { task_id, user_id, title, description, priority, priority_rank };
  const row = JSON.stringify({ id, ...about, author, correlation_id, accepted_at });
  return `${row.slice(0, -1)},"payload":${text}}`;
}
