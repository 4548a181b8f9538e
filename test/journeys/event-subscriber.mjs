// A subscriber that knows nothing of this project but the exchange's name: it tells every event that it gets, a line each.
import { once } from 'node:events';

import { connect } from 'amqplib';

const [url, exchange, queue] = process.argv.slice(2);
const connection = await connect(url);
const channel = await connection.createChannel();
await channel.assertExchange(exchange, 'topic', { durable: true });
await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
await channel.bindQueue(queue, exchange, '#');
await channel.prefetch(500);
await channel.consume(queue, (message) => {
  if (!message) return;
  const { specversion, id, type, subject, streamtype, sequence } = JSON.parse(message.content.toString('utf8'));
  process.stdout.write(`${JSON.stringify({ specversion, id, type, subject, streamtype, sequence })}\n`);
  channel.ack(message);
});
process.stdout.write('"bound"\n');
await once(process, 'SIGTERM');
await channel.deleteQueue(queue);
await connection.close();
