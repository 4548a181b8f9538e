import type { Envelope } from '../messaging/envelope.js';
import type { Rejection } from '../messaging/rejection.js';
import { inSpan, tracing, type Span } from '../observability/tracing.js';
import type { AggregateCache } from './aggregate-caches.js';
import { CommandRunner, type End } from './command-runner.js';

/** Makes a span of each run of a command, which what it records carries on. */
export class TracedCommandRunner extends CommandRunner {
  override run(envelope: Envelope, cache: AggregateCache, refusal?: Rejection): Promise<End> {
    const { tracer } = tracing;
    if (!tracer) return super.run(envelope, cache, refusal);
    const { id, type, correlationId, lane, body } = envelope;
    const started = tracer.start(`process ${type}`, {
      kind: 'consumer',
      parent: envelope.traceParent,
      attributes: {
        'messaging.system': 'rabbitmq',
        'messaging.operation.name': 'process',
        'messaging.operation.type': 'process',
        'messaging.message.id': id,
        'messaging.message.conversation_id': correlationId,
        'messaging.message.body.size': body.length,
        'contextflow.lane': lane,
      },
    });
    return inSpan(started, async (span) => {
      const end = await super.run({ ...envelope, traceParent: span.traceParent }, cache, refusal);
      tell(span, end);
      return end;
    });
  }
}

/** A rejection is an answer; only what is to be parked has failed. */
function tell(span: Span, end: End): void {
  if (end.kind === 'settled') {
    const { status, problem } = end.outcome;
    span.set({ 'contextflow.command.status': status, 'contextflow.command.reason': problem?.reason });
  } else {
    span.set({ 'contextflow.command.status': end.kind });
    if (end.kind === 'fault') span.fail(end.error);
  }
}
