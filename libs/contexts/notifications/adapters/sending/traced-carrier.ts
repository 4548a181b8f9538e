import { activeSpan, inSpan, tracing, type Tracer } from '#platform/observability/tracing.js';

import type { Delivery, OutgoingMessage } from '../../application/ports.js';
import type { Channel } from '../../contract/index.js';
import type { Carrier } from './carrier.js';

/** Makes a span of each time that a message is handed to a provider. Who gets it, and what it says, is not told. */
class TracedCarrier implements Carrier {
  readonly #server: URL;

  constructor(
    private readonly next: Carrier,
    private readonly channel: Channel,
    server: string,
    private readonly tracer: Tracer,
  ) {
    this.#server = new URL(server);
  }

  deliver(message: OutgoingMessage, signal: AbortSignal): Promise<Delivery> {
    const { hostname, port, protocol } = this.#server;
    const started = this.tracer.start(`send ${this.channel}`, {
      kind: 'client',
      parent: activeSpan.getStore()?.traceParent,
      attributes: {
        'server.address': hostname,
        'server.port': Number(port) || undefined,
        'network.protocol.name': protocol.slice(0, -1),
        'contextflow.notification.id': message.notificationId,
        'contextflow.notification.attempt': message.attempt,
      },
    });
    return inSpan(started, async (span) => {
      const delivery = await this.next.deliver(message, signal);
      if (delivery.kind === 'refused') span.fail(delivery.error);
      return delivery;
    });
  }
}

/** The carrier, or one that makes spans where somebody asked for traces. */
export const traceCarrier = (carrier: Carrier, channel: Channel, server: string): Carrier =>
  tracing.tracer ? new TracedCarrier(carrier, channel, server, tracing.tracer) : carrier;
