import { setting } from '../setting.js';

/** A queue as durable as ContextFlow's. */
export const commandQueue = () => ({
  urls: [setting('RABBITMQ_URL')],
  queue: setting('QUEUE'),
  queueOptions: { durable: true, arguments: { 'x-queue-type': 'quorum' } },
  persistent: true,
});
