import { randomUUID } from 'node:crypto';

import { connect } from 'amqplib';
import fastify from 'fastify';

import { announceReady, setting } from '../setting.js';
import { userOf } from './token-check.js';

const queue = setting('QUEUE');
const broker = await connect(setting('RABBITMQ_URL'), { noDelay: true });
const channel = await broker.createConfirmChannel();
await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });

const newTask = {
  type: 'object',
  required: ['title'],
  additionalProperties: false,
  properties: {
    title: { type: 'string', minLength: 1, maxLength: 255 },
    description: { type: 'string', maxLength: 5000 },
    priority: { enum: ['low', 'medium', 'high', 'urgent'] },
  },
} as const;

const app = fastify();

app.post('/api/v1/tasks', { schema: { body: newTask } }, async ({ headers, body }, reply) => {
  const userId = userOf(headers);
  if (userId === undefined) return reply.code(401).send({});
  const messageId = randomUUID();
  const taskId = randomUUID();
  const content = Buffer.from(JSON.stringify({ task_id: taskId, user_id: userId, ...(body as object) }));
  const properties = { persistent: true, mandatory: true, messageId, type: 'tasks.create_task.v1' };
  await new Promise<void>((resolve, reject) => {
    channel.sendToQueue(queue, content, properties, (error) => (error ? reject(error as Error) : resolve()));
  });
  return reply.code(202).send({ command_id: messageId, status: 'accepted', resource_id: taskId });
});

await app.listen({ port: Number(setting('PORT')), host: '127.0.0.1' });
announceReady();
