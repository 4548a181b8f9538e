import type { ChannelModel } from 'amqplib';

import type { Topology } from '../topology.js';

/**
 * Arguments that RabbitMQ 3.10 to 4.x accept alike. The delivery limit only keeps a message from going round for ever:
 * crashes are counted by the engine, far below it. It must be finite, else 3.10 puts returned messages at the back.
 */
export const queueArguments = (topology: Topology): Record<string, unknown> => ({
  'x-queue-type': 'quorum',
  'x-single-active-consumer': true,
  'x-delivery-limit': 1000,
  'x-overflow': 'reject-publish',
  'x-dead-letter-exchange': topology.deadLetters,
  'x-dead-letter-strategy': 'at-least-once',
});

/**
 * Declares exchanges, queues and bindings; what is there already, with the same arguments, stays untouched.
 * @throws Error naming the queue and what to do, when one exists with other arguments
 */
export async function declareTopology(
  model: ChannelModel,
  topology: Topology,
  contexts: ReadonlyMap<string, number>,
): Promise<void> {
  const channel = await model.createChannel();
  let last = topology.commands;
  channel.on('error', () => undefined);
  try {
    await channel.assertExchange(topology.commands, 'direct', { durable: true });
    await channel.assertExchange((last = topology.deadLetters), 'fanout', { durable: true });
    await channel.assertQueue(topology.deadLetters, {
      durable: true,
      arguments: { 'x-queue-type': 'quorum', 'x-single-active-consumer': true, 'x-delivery-limit': 1000 },
    });
    await channel.bindQueue(topology.deadLetters, topology.deadLetters, '');
    for (const [context, count] of contexts)
      for (let partition = 0; partition < count; partition++) {
        last = topology.queue(context, count, partition);
        await channel.assertQueue(last, { durable: true, arguments: queueArguments(topology) });
        await channel.bindQueue(last, topology.commands, topology.routingKey(context, count, partition));
      }
    await channel.close();
  } catch (error) {
    const { message } = error as Error;
    throw new Error(
      message.includes('PRECONDITION')
        ? `"${last}" exists with other arguments (${message}). Stop accepting, let it drain, delete it, and restart.`
        : `"${last}" could not be declared: ${message}`,
      { cause: error },
    );
  }
}

/** Declares the exchange of public events. */
export async function declareEvents(model: ChannelModel, topology: Topology): Promise<void> {
  const channel = await model.createChannel();
  channel.on('error', () => undefined);
  await channel.assertExchange(topology.events, 'topic', { durable: true });
  await channel.close();
}
