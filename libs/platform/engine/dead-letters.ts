import { Logger } from '@nestjs/common';

import type { Database } from '../database/database.js';
import type { CommandSource, Delivery, QueueChannel, QueueListener } from '../messaging/command-source.js';
import type { EnvelopeSeal } from '../messaging/envelope.js';
import type { DeadMessages } from './dead-messages.js';
import { insist } from './insist.js';
import type { Parking } from './parking.js';

/** Takes what the broker gave up on (a message over its delivery limit) and parks it dead, for an operator to decide. */
export class DeadLetters implements QueueListener {
  readonly #log = new Logger(DeadLetters.name);
  #channel: QueueChannel | undefined;
  #closed = false;

  constructor(
    private readonly queue: string,
    private readonly parts: { database: Database; seal: EnvelopeSeal; parking: Parking; dead: DeadMessages },
  ) {}

  async open(source: CommandSource, prefetch: number): Promise<void> {
    this.#channel = await source.consume(this.queue, prefetch, this);
  }

  get closed(): boolean {
    return this.#closed;
  }

  async close(): Promise<void> {
    await this.#channel?.close();
    this.#closed = true;
  }

  onClosed(): void {
    this.#closed = true;
  }

  onDelivery(delivery: Delivery): void {
    this.#take(delivery).catch((error: unknown) => {
      this.#log.error({ message: `a dead letter could not be kept: ${String(error)}` });
      void this.#channel?.close();
    });
  }

  async #take(delivery: Delivery): Promise<void> {
    const { database, seal, parking, dead } = this.parts;
    const opened = seal.open(delivery.properties, delivery.body);
    if (opened.kind === 'dead') await insist(database, () => dead.keep(this.queue, opened.reason, delivery));
    else {
      const error = new Error('the broker delivered it more often than its queue allows');
      const { properties } = delivery;
      await insist(database, () =>
        parking.park({ properties, envelope: opened.envelope, state: 'dead', attempts: 0, error }),
      );
    }
    delivery.acknowledge();
  }
}
