import { setTimeout as delay } from 'node:timers/promises';

import { NotPublished, type CommandPublisher } from '../messaging/command-publisher.js';
import type { Envelope } from '../messaging/envelope.js';

const pauses = { first: 50, most: 2_000 };

/** The process is ending before the command could be handed over: somebody else will send it again, under the same id. */
export class SenderClosed extends Error {}

/**
 * Hands commands over to the broker, however long that takes, with one unconfirmed command of a lane at a time: after a
 * refusal or a timeout it begins again at that one, so that none overtakes another.
 */
export class PersistentSender {
  readonly #lanes = new Map<string, Promise<void>>();
  readonly #closing = new AbortController();

  constructor(private readonly publisher: CommandPublisher) {}

  /** @throws SenderClosed */
  async send(envelope: Envelope): Promise<void> {
    const lane = `${envelope.context} ${envelope.lane}`;
    const before = this.#lanes.get(lane) ?? Promise.resolve();
    const sending = before.then(() => this.#insist(envelope));
    const settled = sending.catch(() => undefined);
    this.#lanes.set(lane, settled);
    try {
      await sending;
    } finally {
      if (this.#lanes.get(lane) === settled) this.#lanes.delete(lane);
    }
  }

  close(): void {
    this.#closing.abort();
  }

  async #insist(envelope: Envelope): Promise<void> {
    const { signal } = this.#closing;
    for (let pause = pauses.first; ; pause = Math.min(pause * 2, pauses.most)) {
      if (signal.aborted) throw new SenderClosed();
      try {
        await this.publisher.publish(envelope);
        return;
      } catch (error) {
        if (!(error instanceof NotPublished)) throw error;
        await delay(pause * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
      }
    }
  }
}
