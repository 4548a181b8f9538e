import type { LoggerService } from '@nestjs/common';

import type { Settings } from '../config/settings.js';
import { release } from '../release.js';
import { atMost } from '../resilience/at-most.js';
import { tracing } from './tracing.js';

/** What was seen and not told yet gets so long, in milliseconds, when the process ends. */
const farewell = 2_000;
/** That traces go nowhere is told at most so often, in milliseconds. */
const complainEvery = 60_000;

const packages = 'api sdk-trace resources exporter-trace-otlp-http'.split(' ').map((name) => `@opentelemetry/${name}`);

/**
 * Has spans made of what happens from now on, if the settings name a collector. Only then OpenTelemetry is loaded, so that
 * nobody else pays for it. Called before anything is built that makes spans.
 * @returns what hands over the last spans
 * @throws Error that says what to install
 */
export async function startTracing(
  settings: Settings,
  app: string,
  logger: LoggerService,
  load = () => import('./open-telemetry.js'),
): Promise<() => Promise<void>> {
  const url = collectorOf(settings);
  if (url === undefined) return () => Promise.resolve();
  const { OpenTelemetryTracer, collectedBy } = await load().catch((error: unknown) => {
    throw isMissing(error) ? notInstalled(error) : error;
  });
  const { otelTracesSampler: sampler, otelTracesSamplerArg: ratio, otelExporterOtlpHeaders } = settings;
  const complain = seldom(logger);
  const processor = collectedBy({ url, headers: headersOf(otelExporterOtlpHeaders) }, complain);
  const tracer = new OpenTelemetryTracer(
    { service: `contextflow-${app}`, version: release, sampler, ratio },
    processor,
  );
  tracing.tracer = tracer;
  return async () => {
    const closing = tracer.close().catch((error: unknown) => complain(String(error)));
    await atMost(farewell, closing);
  };
}

function collectorOf({ otelExporterOtlpEndpoint, otelExporterOtlpTracesEndpoint }: Settings): string | undefined {
  if (otelExporterOtlpTracesEndpoint) return otelExporterOtlpTracesEndpoint;
  return otelExporterOtlpEndpoint ? `${otelExporterOtlpEndpoint.replace(/\/$/, '')}/v1/traces` : undefined;
}

/** `name=value,name=value`, with what is special percent-encoded. */
const headersOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split(',')
      .filter(Boolean)
      .map((header) => {
        const at = header.indexOf('=');
        return [header.slice(0, at).trim(), decodeURIComponent(header.slice(at + 1).trim())];
      }),
  );

function seldom(logger: LoggerService): (what: string) => void {
  let told = -Infinity;
  return (what) => {
    if (performance.now() - told < complainEvery) return;
    told = performance.now();
    logger.warn({ message: `traces do not get to their collector: ${what}` });
  };
}

const isMissing = (error: unknown): error is Error =>
  (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND' &&
  packages.some((name) => (error as Error).message.includes(name));

const notInstalled = (error: Error): Error =>
  new Error(
    `OTEL_EXPORTER_OTLP_ENDPOINT is set, but OpenTelemetry is not installed. Leave it empty, or run: npm install ${packages.join(' ')}`,
    { cause: error },
  );
