import type { ChannelModel } from 'amqplib';

import type { EventQueues, Subscription } from '../../relay/event-queues.js';
import type { Topology } from '../topology.js';
import { closeChannel } from './close-channel.js';
import { declareEvents, declaring, queueArguments } from './declare.js';

/** What to do about an event queue with other arguments: nothing in it is lost with it. */
export const otherEventQueue = 'Delete it: a worker declares it anew, and the relay fills it again from the log.';

/**
 * Declares the event queue of each context and binds it to the types that its policies name. A queue that was there once
 * and is missing is filled again by the relay, which binds it when it has: newer events must not come before older ones.
 */
export async function declareSubscriptions(
  model: ChannelModel,
  topology: Topology,
  subscriptions: readonly Subscription[],
  queues: EventQueues,
): Promise<void> {
  await declareEvents(model, topology);
  const existed = await queues.existed(subscriptions.map(({ context }) => context));
  for (const subscription of subscriptions) {
    const { context, types } = subscription;
    const queue = topology.eventQueue(context);
    if (!existed.has(context)) await queues.begin(context);
    else if (!(await isThere(model, queue))) await queues.askReplay(subscription);
    await declaring(
      model,
      async (channel, named) => {
        await channel.assertQueue(named(queue), { durable: true, arguments: queueArguments(topology) });
        const pending = (await queues.replays()).some((replay) => replay.context === context);
        if (!pending) for (const type of types) await channel.bindQueue(queue, topology.events, type);
      },
      otherEventQueue,
    );
  }
}

/** A passive declaration of what is missing closes its channel. */
async function isThere(model: ChannelModel, queue: string): Promise<boolean> {
  const channel = await model.createChannel();
  channel.on('error', () => undefined);
  try {
    await channel.checkQueue(queue);
    await closeChannel(channel);
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === 404) return false;
    throw error;
  }
}
