import { AsyncLocalStorage } from 'node:async_hooks';

export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';

export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

export interface SpanOptions {
  readonly kind?: SpanKind;
  /** The W3C trace context of what caused it; without one, or with one that is not valid, it begins a trace. */
  readonly parent?: string;
  /** Trace contexts of what else it is about. */
  readonly links?: readonly string[];
  readonly attributes?: SpanAttributes;
}

/** Something that takes time, and is part of a trace. */
export interface Span {
  /** Its own W3C trace context: the parent of whatever it causes, in this process or another. */
  readonly traceParent: string;
  set(attributes: SpanAttributes): void;
  /** Marks it as failed, and says why. */
  fail(error: unknown): void;
  end(): void;
}

export interface Tracer {
  start(name: string, options: SpanOptions): Span;
}

/** Who is told of spans. Undefined while nobody asked for traces: then none is made. */
export const tracing: { tracer: Tracer | undefined } = { tracer: undefined };

/** The span that the present work is part of. */
export const activeSpan = new AsyncLocalStorage<Span>();

/**
 * The one of two classes that is to be used. What makes spans is put in the place of what does not when a process starts,
 * so that work without traces does not even ask for them.
 */
export const traceable = <C>(plain: C, traced: C): C => (tracing.tracer ? traced : plain);

/** Whether somebody records what that trace context stands for. */
export const isSampled = (traceParent: string): boolean => /[13579bdf]$/.test(traceParent);

/** Does the work as part of a new span, which ends with it; what the work throws is why it failed. */
export async function inSpan<T>(span: Span, work: (span: Span) => Promise<T>): Promise<T> {
  try {
    return await activeSpan.run(span, () => work(span));
  } catch (error) {
    span.fail(error);
    throw error;
  } finally {
    span.end();
  }
}
