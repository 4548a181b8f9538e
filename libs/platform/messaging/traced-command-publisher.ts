import { activeSpan, inSpan, tracing, type Tracer } from '../observability/tracing.js';
import type { CommandPublisher } from './command-publisher.js';
import type { Envelope } from './envelope.js';

/** Makes a span of each command that is handed to the broker, and has whoever runs it carry on the trace. */
class TracedCommandPublisher implements CommandPublisher {
  constructor(
    private readonly next: CommandPublisher,
    private readonly tracer: Tracer,
  ) {}

  get ready(): boolean {
    return this.next.ready;
  }

  publish(envelope: Envelope, options?: { readonly replied?: boolean }): Promise<void> {
    const { id, type, correlationId, lane, body } = envelope;
    const span = this.tracer.start(`publish ${type}`, {
      kind: 'producer',
      parent: activeSpan.getStore()?.traceParent ?? envelope.traceParent,
      attributes: {
        'messaging.system': 'rabbitmq',
        'messaging.operation.name': 'publish',
        'messaging.operation.type': 'send',
        'messaging.message.id': id,
        'messaging.message.conversation_id': correlationId,
        'messaging.message.body.size': body.length,
        'contextflow.lane': lane,
      },
    });
    return inSpan(span, ({ traceParent }) => this.next.publish({ ...envelope, traceParent }, options));
  }
}

/** The publisher, or one that makes spans where somebody asked for traces. */
export const traceCommands = <P extends CommandPublisher>(publisher: P): P | CommandPublisher =>
  tracing.tracer ? new TracedCommandPublisher(publisher, tracing.tracer) : publisher;
