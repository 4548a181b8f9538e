import { activeSpan, inSpan, tracing, type Tracer } from '#platform/observability/tracing.js';

import type { Delivery, OutgoingMessage } from '../../application/ports.js';
import type { Channel } from '../../contract/index.js';
import type { Carrier } from './carrier.js';

/** Makes a span of each time that a message is handed to a provider. Who gets it, and what it says, is not told. */
class TracedCarrier implements Carrier {
  constructor(
    private readonly next: Carrier,
    private readonly channel: Channel,
    private readonly server: URL | undefined,
    private readonly tracer: Tracer,
  ) {}

  deliver(message: OutgoingMessage, signal: AbortSignal): Promise<Delivery> {
    const started = this.tracer.start(`send ${this.channel}`, {
      kind: 'client',
      parent: activeSpan.getStore()?.traceParent,
      attributes: {
        'server.address': this.server?.hostname,
        'server.port': Number(this.server?.port) || undefined,
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
export const traceCarrier = (carrier: Carrier, channel: Channel, server?: string): Carrier =>
  tracing.tracer ? new TracedCarrier(carrier, channel, server ? new URL(server) : undefined, tracing.tracer) : carrier;
