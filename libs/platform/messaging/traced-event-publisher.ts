import { inSpan, tracing, type Tracer } from '../observability/tracing.js';
import type { EventMessage } from './cloud-event.js';
import type { EventPublisher } from './event-publisher.js';

/**
 * Makes a span of each event that is handed to the broker, as part of the trace of the command that caused it. The event
 * itself goes on telling where it was made, whoever carries it: that is what its signature covers.
 */
class TracedEventPublisher implements EventPublisher {
  constructor(
    private readonly next: EventPublisher,
    private readonly tracer: Tracer,
  ) {}

  get ready(): boolean {
    return this.next.ready;
  }

  publish(message: EventMessage): Promise<void> {
    return this.#traced(message, () => this.next.publish(message));
  }

  publishTo(context: string, message: EventMessage): Promise<void> {
    return this.#traced(message, () => this.next.publishTo(context, message));
  }

  bind(context: string, types: readonly string[]): Promise<void> {
    return this.next.bind(context, types);
  }

  #traced({ id, type, correlationId, body, traceParent }: EventMessage, publish: () => Promise<void>): Promise<void> {
    const span = this.tracer.start(`publish ${type}`, {
      kind: 'producer',
      parent: traceParent,
      attributes: {
        'messaging.system': 'rabbitmq',
        'messaging.operation.name': 'publish',
        'messaging.operation.type': 'send',
        'messaging.message.id': id,
        'messaging.message.conversation_id': correlationId,
        'messaging.message.body.size': body.length,
      },
    });
    return inSpan(span, publish);
  }
}

/** The publisher, or one that makes spans where somebody asked for traces. */
export const traceEvents = (publisher: EventPublisher): EventPublisher =>
  tracing.tracer ? new TracedEventPublisher(publisher, tracing.tracer) : publisher;
