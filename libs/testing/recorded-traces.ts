import { SpanStatusCode } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';

import { OpenTelemetryTracer, type TraceOptions } from '#platform/observability/open-telemetry.js';
import { tracing, type SpanAttributes } from '#platform/observability/tracing.js';

/** A span that has ended. */
export interface RecordedSpan {
  readonly name: string;
  readonly traceParent: string;
  readonly parentId: string | undefined;
  readonly linkedIds: readonly string[];
  readonly attributes: SpanAttributes;
  /** Why it failed; undefined where it did not. */
  readonly failure: string | undefined;
}

/** The id of the span that a trace context stands for. */
export const spanIdOf = (traceParent: string): string => traceParent.slice(36, 52);

/** Has spans made of what happens from now on, and keeps them in memory, until it is stopped. */
export class RecordedTraces {
  readonly #exporter = new InMemorySpanExporter();
  readonly tracer: OpenTelemetryTracer;

  constructor(options: Partial<TraceOptions> = {}) {
    const always = { service: 'a-service', version: '1', sampler: 'parentbased_always_on', ratio: 1 };
    this.tracer = new OpenTelemetryTracer(
      { ...always, ...options },
      new SimpleSpanProcessor({ exporter: this.#exporter }),
    );
    tracing.tracer = this.tracer;
  }

  /** In the order in which they ended. */
  get spans(): readonly RecordedSpan[] {
    return this.#exporter.getFinishedSpans().map((span) => {
      const { traceId, spanId } = span.spanContext();
      return {
        name: span.name,
        traceParent: `00-${traceId}-${spanId}-01`,
        parentId: span.parentSpanContext?.spanId,
        linkedIds: span.links.map(({ context }) => context.spanId),
        attributes: span.attributes as SpanAttributes,
        failure: span.status.code === SpanStatusCode.ERROR ? (span.status.message ?? '') : undefined,
      };
    });
  }

  stop(): void {
    tracing.tracer = undefined;
  }
}
