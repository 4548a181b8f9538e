import { afterEach, describe, expect, it } from '@jest/globals';
import type { LoggerService } from '@nestjs/common';

import { eventually } from '#testing/eventually.js';
import { TraceCollector } from '#testing/trace-collector.js';

import { Settings } from '../config/settings.js';
import { startTracing } from './start-tracing.js';
import { tracing } from './tracing.js';

const settings = (given: Partial<Settings> = {}): Settings => Object.assign(new Settings(), given);

/** Keeps the warnings that it is given. */
class KeptWarnings implements LoggerService {
  readonly warnings: string[] = [];
  log(): void {}
  error(): void {}
  warn({ message }: { message: string }): void {
    this.warnings.push(message);
  }
}

afterEach(() => (tracing.tracer = undefined));

describe('Tracing', () => {
  it('loads nothing where no collector is named', async () => {
    const stop = await startTracing(settings(), 'api', new KeptWarnings(), () => Promise.reject(new Error('loaded')));
    expect(tracing.tracer).toBeUndefined();
    await stop();
  });

  it('says what to install where OpenTelemetry is missing', async () => {
    const missing = Object.assign(new Error("Cannot find package '@opentelemetry/api' imported from /somewhere"), {
      code: 'ERR_MODULE_NOT_FOUND',
    });
    const starting = startTracing(
      settings({ otelExporterOtlpEndpoint: 'http://localhost:4318' }),
      'api',
      new KeptWarnings(),
      () => Promise.reject(missing),
    );
    await expect(starting).rejects.toThrow(
      /OTEL_EXPORTER_OTLP_ENDPOINT is set.*npm install @opentelemetry\/api @opentelemetry\/sdk-trace /,
    );
  });

  it('hands over what it knows, at the latest when the process ends', async () => {
    const collector = await TraceCollector.start();
    const base = `${collector.settings.OTEL_EXPORTER_OTLP_ENDPOINT}/`;
    const named = settings({ otelExporterOtlpEndpoint: base, otelExporterOtlpHeaders: 'x-team=a%2Cb,x-key = k' });
    const stop = await startTracing(named, 'api', new KeptWarnings());
    tracing.tracer?.start('a', { kind: 'server', attributes: { word: 'w', number: 7, left: undefined } }).end();
    await stop();
    expect(collector.spans).toMatchObject([
      { service: 'contextflow-api', name: 'a', kind: 2, parentSpanId: '', attributes: { word: 'w', number: 7 } },
    ]);
    expect(collector.headers).toMatchObject({ 'x-team': 'a,b', 'x-key': 'k' });
    await collector.stop();
  });

  it('tells once, and goes on, when nobody takes what it hands over', async () => {
    const logger = new KeptWarnings();
    const collector = await TraceCollector.start();
    const url = `${collector.settings.OTEL_EXPORTER_OTLP_ENDPOINT}/elsewhere`;
    const stop = await startTracing(settings({ otelExporterOtlpTracesEndpoint: url }), 'worker', logger);
    for (let n = 0; n < 1_000; n++) tracing.tracer?.start('a', {}).end();
    await eventually('a warning', () => logger.warnings.length > 0);
    await stop();
    expect(logger.warnings).toEqual(['traces do not get to their collector: OTLPExporterError Not Found 404']);
    await collector.stop();
  });
});
