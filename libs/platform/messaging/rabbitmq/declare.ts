import type { Channel, ChannelModel } from 'amqplib';

import type { Partitions } from '../partitions.js';
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

/** Arguments of the queue of what the broker gives up on. */
export const deadLetterArguments: Readonly<Record<string, unknown>> = {
  'x-queue-type': 'quorum',
  'x-single-active-consumer': true,
  'x-delivery-limit': 1000,
};

type Step = (channel: Channel, named: (name: string) => string) => Promise<void>;

/**
 * Declares exchanges, queues and bindings; what is there already, with the same arguments, stays untouched.
 * @throws Error naming the queue and what to do, when one exists with other arguments
 */
export async function declareTopology(
  model: ChannelModel,
  topology: Topology,
  contexts: ReadonlyMap<string, number>,
): Promise<void> {
  await declaring(model, exchanges(topology));
  for (const [context, count] of contexts) {
    await declareQueues(model, topology, context, count);
    await bindQueues(model, topology, context, count);
  }
}

/**
 * Declares the same for all contexts that are known. The bindings of one are made while nobody can begin to change its
 * number of partitions, and not at all during a change: a publisher that has not heard of it must find its key unbound.
 */
export async function declarePartitions(
  model: ChannelModel,
  topology: Topology,
  partitions: Partitions,
): Promise<void> {
  await declaring(model, exchanges(topology));
  const known = [...partitions.known];
  for (const [context, count] of known) await declareQueues(model, topology, context, count);
  // Together: while the database is away, each of them takes its time to find out.
  await Promise.all(
    known.map(([context, declared]) =>
      partitions.whileUnchanged(context, async (count) => {
        if (count !== declared) await declareQueues(model, topology, context, count);
        await bindQueues(model, topology, context, count);
      }),
    ),
  );
}

/** Declares a context's queues, without bindings. */
export const declareQueues = (model: ChannelModel, topology: Topology, context: string, count: number): Promise<void> =>
  declaring(model, async (channel, named) => {
    for (let n = 0; n < count; n++)
      await channel.assertQueue(named(topology.queue(context, count, n)), {
        durable: true,
        arguments: queueArguments(topology),
      });
  });

/** From now on what is published to the context finds its queues. */
export const bindQueues = (model: ChannelModel, topology: Topology, context: string, count: number): Promise<void> =>
  declaring(model, async (channel, named) => {
    for (let n = 0; n < count; n++)
      await channel.bindQueue(
        named(topology.queue(context, count, n)),
        topology.commands,
        topology.routingKey(context, count, n),
      );
  });

/** Declares the exchange of public events. */
export async function declareEvents(model: ChannelModel, topology: Topology): Promise<void> {
  await declaring(model, async (channel, named) => {
    await channel.assertExchange(named(topology.events), 'topic', { durable: true });
  });
}

const exchanges =
  (topology: Topology): Step =>
  async (channel, named) => {
    await channel.assertExchange(named(topology.commands), 'direct', { durable: true });
    await channel.assertExchange(named(topology.deadLetters), 'fanout', { durable: true });
    await channel.assertQueue(topology.deadLetters, { durable: true, arguments: deadLetterArguments });
    await channel.bindQueue(topology.deadLetters, topology.deadLetters, '');
  };

/**
 * Declares on a channel of its own.
 * @param advice what to do about something that exists with other arguments
 * @throws Error naming what could not be declared
 */
export async function declaring(
  model: ChannelModel,
  step: Step,
  advice = 'Stop accepting, let it drain, delete it, and restart.',
): Promise<void> {
  let last = '';
  const declare = async (): Promise<void> => {
    const channel = await model.createChannel();
    channel.on('error', () => undefined);
    await step(channel, (name) => (last = name));
    await channel.close();
  };
  try {
    await Promise.race([declare(), lost(model)]);
  } catch (error) {
    const { message } = error as Error;
    throw new Error(
      message.includes('PRECONDITION')
        ? `"${last}" exists with other arguments (${message}). ${advice}`
        : `"${last}" could not be declared: ${message}`,
      { cause: error },
    );
  }
}

const losses = new WeakMap<ChannelModel, Promise<never>>();

/**
 * Rejects when the connection has closed: amqplib forgets whoever waits for the end of a channel then, and who waits here
 * may hold a connection to the database meanwhile.
 */
function lost(model: ChannelModel): Promise<never> {
  const known = losses.get(model);
  if (known) return known;
  const loss = new Promise<never>((_, reject) =>
    model.once('close', () => reject(new Error('the connection was lost'))),
  );
  loss.catch(() => undefined);
  losses.set(model, loss);
  return loss;
}
