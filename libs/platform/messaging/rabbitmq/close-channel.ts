import type { Channel } from 'amqplib';

/**
 * Closes a channel, and resolves when it is closed, however that came. amqplib forgets whoever waits for the end of a
 * channel when its connection is lost meanwhile.
 */
export async function closeChannel(channel: Channel): Promise<void> {
  const closed = new Promise<void>((resolve) => channel.once('close', resolve));
  await Promise.race([channel.close().catch(() => undefined), closed]);
}
