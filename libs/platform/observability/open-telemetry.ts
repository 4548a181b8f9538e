import {
  diag,
  DiagLogLevel,
  isSpanContextValid,
  SpanKind as Kind,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
  type Span as ApiSpan,
  type Tracer as ApiTracer,
  type DiagLogger,
  type SpanContext,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
  type Sampler,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace';

import type { Span, SpanAttributes, SpanKind, SpanOptions, Tracer } from './tracing.js';

export interface TraceOptions {
  /** As `service.name`, unless `OTEL_SERVICE_NAME` has another one. */
  readonly service: string;
  readonly version: string;
  /** One of those that `OTEL_TRACES_SAMPLER` knows. */
  readonly sampler: string;
  /** Of traces that begin here, for samplers that go by it. */
  readonly ratio: number;
}

/** Makes OpenTelemetry's spans. */
export class OpenTelemetryTracer implements Tracer {
  readonly #provider: TracerProvider;
  readonly #tracer: ApiTracer;

  constructor({ service, version, sampler, ratio }: TraceOptions, processor: SpanProcessor) {
    this.#provider = new TracerProvider({
      resource: defaultResource()
        .merge(resourceFromAttributes({ 'service.name': service, 'service.version': version }))
        .merge(detectResources({ detectors: [envDetector] })),
      sampler: samplerOf(sampler, ratio),
      spanProcessors: [processor],
    });
    this.#tracer = this.#provider.getTracer('contextflow', version);
  }

  start(name: string, { kind = 'internal', parent, links = [], attributes }: SpanOptions): Span {
    const cause = contextOf(parent);
    const context = cause ? trace.setSpanContext(ROOT_CONTEXT, cause) : ROOT_CONTEXT;
    const others = links.map(contextOf).filter((link) => link !== undefined);
    return new OpenTelemetrySpan(
      this.#tracer.startSpan(
        name,
        { kind: kinds[kind], attributes, links: others.map((other) => ({ context: other })) },
        context,
      ),
    );
  }

  /** Hands over what has ended. */
  close(): Promise<void> {
    return this.#provider.shutdown();
  }
}

class OpenTelemetrySpan implements Span {
  readonly traceParent: string;

  constructor(private readonly span: ApiSpan) {
    const { traceId, spanId, traceFlags } = span.spanContext();
    this.traceParent = `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
  }

  set(attributes: SpanAttributes): void {
    this.span.setAttributes(attributes);
  }

  fail(error: unknown): void {
    this.span.setStatus({
      code: SpanStatusCode.ERROR,
      message: error instanceof Error ? error.message : String(error),
    });
    if (error instanceof Error) this.span.setAttribute('error.type', error.name);
  }

  end(): void {
    this.span.end();
  }
}

const kinds: Readonly<Record<SpanKind, Kind>> = {
  internal: Kind.INTERNAL,
  server: Kind.SERVER,
  client: Kind.CLIENT,
  producer: Kind.PRODUCER,
  consumer: Kind.CONSUMER,
};

const syntax = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** What a `traceparent` says; undefined where it says nothing that could be used. */
function contextOf(traceParent: string | undefined): SpanContext | undefined {
  const [, traceId, spanId, flags] = syntax.exec(traceParent ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  const context = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return isSpanContextValid(context) ? context : undefined;
}

function samplerOf(name: string, ratio: number): Sampler {
  if (name.startsWith('parentbased_'))
    return new ParentBasedSampler({ root: samplerOf(name.slice('parentbased_'.length), ratio) });
  if (name === 'always_off') return new AlwaysOffSampler();
  return name === 'traceidratio' ? new TraceIdRatioBasedSampler(ratio) : new AlwaysOnSampler();
}

/** Spans that wait to be handed over: the rest is dropped, so that nothing ever waits for who collects them. */
const mostWaiting = 8_192;
/** In milliseconds. */
const handOverEvery = 1_000;

export interface Collector {
  /** Where traces are posted to, as JSON. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Hands spans over to a collector by OTLP, in batches.
 * @param complain is told in words what did not work
 */
export function collectedBy({ url, headers }: Collector, complain: (what: string) => void): SpanProcessor {
  diag.setLogger(complaints(complain), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  return new BatchSpanProcessor({
    exporter: new OTLPTraceExporter({ url, headers: { ...headers } }),
    maxQueueSize: mostWaiting,
    scheduledDelayMillis: handOverEvery,
  });
}

function complaints(complain: (what: string) => void): DiagLogger {
  const tell = (message: string): void => complain(inShort(message));
  const nothing = (): void => undefined;
  return { error: tell, warn: tell, info: nothing, debug: nothing, verbose: nothing };
}

/** Errors come as JSON, with their stack. */
function inShort(message: string): string {
  try {
    const { name, message: said, code } = JSON.parse(message) as Readonly<Record<string, unknown>>;
    return [name, said, code].filter(Boolean).join(' ');
  } catch {
    return message;
  }
}
