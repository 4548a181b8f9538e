import type { PolicyType } from '#kernel';

import type { CloudEvent } from '../messaging/cloud-event.js';
import { inSpan, tracing } from '../observability/tracing.js';
import { PolicyRunner } from './policy-runner.js';

/** Makes a span of each run of a policy, as part of the trace of the command that caused the event. */
export class TracedPolicyRunner extends PolicyRunner {
  override run(policy: PolicyType, event: CloudEvent): Promise<void> {
    const { tracer } = tracing;
    if (!tracer) return super.run(policy, event);
    const span = tracer.start(`process ${event.type}`, {
      kind: 'consumer',
      parent: event.traceparent,
      attributes: {
        'messaging.system': 'rabbitmq',
        'messaging.operation.name': 'process',
        'messaging.operation.type': 'process',
        'messaging.consumer.group.name': policy.name,
        'messaging.message.id': event.id,
        'messaging.message.conversation_id': event.correlationid,
      },
    });
    return inSpan(span, ({ traceParent }) => super.run(policy, { ...event, traceparent: traceParent }));
  }
}
