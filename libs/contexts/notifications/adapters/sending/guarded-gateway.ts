import { ExponentialBackoff, handleWhen, retry, TaskCancelledError, timeout, TimeoutStrategy } from 'cockatiel';

import { failpoint } from '#platform/failpoints/failpoint.js';
import { CircuitBreaker, CircuitOpen } from '#platform/resilience/circuit-breaker.js';

import type { Delivery, MessageGateway, OutgoingMessage } from '../../application/ports.js';
import { ProviderAway, type Carrier } from './carrier.js';

export interface Guards {
  /** So long, in milliseconds, one try may take. */
  readonly patience: number;
  /** So many tries more are made, at once, where nothing of the message got to the provider. */
  readonly retries?: number;
  /** So long, in milliseconds, nobody is sent to a provider that failed several times in a row. */
  readonly pause?: number;
}

const away = (error: string): Delivery => ({ kind: 'refused', error, permanent: false });

/** Sends by a carrier: each try in limited time, and none while the provider is known to be away. */
export class GuardedGateway implements MessageGateway {
  readonly #breaker: CircuitBreaker;
  readonly #retry: ReturnType<typeof retry>;
  readonly #timeout: ReturnType<typeof timeout>;

  constructor(
    private readonly carrier: Carrier,
    { patience, retries = 2, pause = 10_000 }: Guards,
  ) {
    this.#breaker = new CircuitBreaker({ failures: 5, pause });
    // What may have arrived is not sent again here: the notification is, later, under the same id.
    this.#retry = retry(
      handleWhen((error) => error instanceof ProviderAway && error.untouched),
      { maxAttempts: retries, backoff: new ExponentialBackoff({ initialDelay: 100, maxDelay: 1_000 }) },
    );
    this.#timeout = timeout(patience, TimeoutStrategy.Aggressive);
  }

  async send(message: OutgoingMessage, signal: AbortSignal): Promise<Delivery> {
    const delivery = await this.#attempt(message, signal);
    if (delivery.kind === 'accepted') await failpoint('notifications.after_send', message.notificationId);
    return delivery;
  }

  async #attempt(message: OutgoingMessage, signal: AbortSignal): Promise<Delivery> {
    try {
      const once = (inTime: AbortSignal): Promise<Delivery> => this.carrier.deliver(message, inTime);
      return await this.#retry.execute(
        () => this.#breaker.run(() => this.#timeout.execute((_, inTime) => once(inTime), signal)),
        signal,
      );
    } catch (error) {
      if (error instanceof CircuitOpen) return away('gateway_unavailable');
      if (error instanceof TaskCancelledError) return away('timeout');
      if (error instanceof ProviderAway) return away(error.message);
      throw error;
    }
  }
}
