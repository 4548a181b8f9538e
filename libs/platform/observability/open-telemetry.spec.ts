import { afterEach, describe, expect, it } from '@jest/globals';

import { RecordedTraces, spanIdOf } from '#testing/recorded-traces.js';

import type { TraceOptions } from './open-telemetry.js';
import { activeSpan, inSpan, isSampled, tracing, type Span } from './tracing.js';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const caller = `00-${traceId}-b7ad6b7169203331-01`;
const unrecorded = `00-${traceId}-b7ad6b7169203331-00`;

const recorded = (options?: Partial<TraceOptions>): RecordedTraces => new RecordedTraces(options);
afterEach(() => (tracing.tracer = undefined));

describe('A span', () => {
  it('carries on the trace of what caused it', () => {
    const traces = recorded();
    const span = traces.tracer.start('a', { parent: caller });
    expect(span.traceParent).toMatch(new RegExp(`^00-${traceId}-(?!b7ad6b7169203331)[0-9a-f]{16}-01$`));
    span.end();
    expect(traces.spans).toMatchObject([{ name: 'a', parentId: 'b7ad6b7169203331' }]);
  });

  it.each([
    ['nothing', undefined],
    ['zeros', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`],
    ['a version that cannot be', `ff-${traceId}-b7ad6b7169203331-01`],
    ['something else', `${caller}-and-more`],
  ])('begins a trace where its cause is %s', (_, parent) => {
    const { traceParent } = recorded().tracer.start('a', { parent });
    expect(traceParent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[13]$/);
    expect(traceParent).not.toContain(traceId);
  });

  it('is linked to what else it is about, where that is known', () => {
    const traces = recorded();
    const other = traces.tracer.start('another', {});
    traces.tracer.start('a', { links: [caller, 'nonsense', other.traceParent] }).end();
    expect(traces.spans[0]?.linkedIds).toEqual(['b7ad6b7169203331', spanIdOf(other.traceParent)]);
  });

  it('lasts as long as the work, which knows of it', async () => {
    const traces = recorded();
    let seen: Span | undefined;
    const span = traces.tracer.start('a', {});
    const work = inSpan(span, async () => {
      await Promise.resolve();
      seen = activeSpan.getStore();
      expect(traces.spans).toEqual([]);
      return 7;
    });
    expect(await work).toBe(7);
    expect(seen).toBe(span);
    expect(activeSpan.getStore()).toBeUndefined();
    expect(traces.spans).toMatchObject([{ name: 'a', failure: undefined }]);
  });

  it('says why the work failed, which fails all the same', async () => {
    const traces = recorded();
    const work = inSpan(traces.tracer.start('a', {}), () => Promise.reject(new TypeError('a mistake')));
    await expect(work).rejects.toThrow('a mistake');
    expect(traces.spans).toMatchObject([{ failure: 'a mistake', attributes: { 'error.type': 'TypeError' } }]);
  });
});

describe('Who decides which traces are kept', () => {
  const kept = (sampler: string, ratio: number, parent?: string): boolean =>
    isSampled(recorded({ sampler, ratio }).tracer.start('a', { parent }).traceParent);

  it.each([
    ['parentbased_always_on', 1, { begun: true, kept: true, unkept: false }],
    ['parentbased_always_off', 1, { begun: false, kept: true, unkept: false }],
    ['parentbased_traceidratio', 0, { begun: false, kept: true, unkept: false }],
    ['parentbased_traceidratio', 1, { begun: true, kept: true, unkept: false }],
    ['traceidratio', 0, { begun: false, kept: false, unkept: false }],
    ['always_on', 0, { begun: true, kept: true, unkept: true }],
    ['always_off', 1, { begun: false, kept: false, unkept: false }],
  ])('is %s (%d)', (sampler, ratio, expected) => {
    expect({
      begun: kept(sampler, ratio),
      kept: kept(sampler, ratio, caller),
      unkept: kept(sampler, ratio, unrecorded),
    }).toEqual(expected);
  });

  it('is obeyed by whatever follows, which is part of the same trace', () => {
    const traces = recorded();
    const span = traces.tracer.start('a', { parent: unrecorded });
    expect(span.traceParent).toContain(traceId);
    span.end();
    expect(traces.spans).toEqual([]);
  });
});
