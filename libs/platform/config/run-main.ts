import { flushCompileCache } from 'node:module';

import type { LoggerService, LogLevel } from '@nestjs/common';

import { armFailpoints } from '../failpoints/failpoint.js';
import { JsonLogger } from '../observability/json-logger.js';
import { startTracing } from '../observability/start-tracing.js';
import { InvalidSettings, loadSettings, warnings, type Settings } from './settings.js';

/**
 * Runs an app from its start to its orderly end: reads the settings, listens for SIGTERM and SIGINT, and ends with code 0
 * after a signal, 1 when it could not start. A second signal ends it at once.
 */
export async function runMain<S extends Settings>(
  type: new () => S,
  name: string,
  start: (settings: S, logger: LoggerService) => Promise<{ close(): Promise<unknown> }>,
): Promise<void> {
  let settings: S;
  try {
    settings = loadSettings(type);
  } catch (error) {
    if (!(error instanceof InvalidSettings)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
    return;
  }
  // Nest calls "log" what everybody else calls "info".
  const level = settings.logLevel === 'info' ? 'log' : (settings.logLevel as LogLevel);
  const logger = new JsonLogger(level, { app: name, pid: process.pid });
  process.on('unhandledRejection', (reason) => {
    logger.fatal({ message: 'unhandled rejection', stack: reason instanceof Error ? reason.stack : String(reason) });
    process.exit(70);
  });
  for (const warning of warnings(settings)) logger.warn({ message: warning });
  armFailpoints(settings.failpoints);
  try {
    const stopTracing = await startTracing(settings, name, logger);
    const app = await start(settings, logger);
    // With NODE_COMPILE_CACHE the next start is quicker, also when this process is killed and cannot save it then.
    flushCompileCache();
    let ending = false;
    const end = (signal: string): void => {
      if (ending) process.exit(1);
      ending = true;
      logger.log({ message: `${signal}: ending` });
      app
        .close()
        .then(stopTracing)
        .then(
          () => process.exit(0),
          (error: unknown) => {
            logger.fatal({ message: `could not end in order: ${String(error)}` });
            process.exit(1);
          },
        );
    };
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => end(signal));
  } catch (error) {
    logger.fatal({ message: `${name} could not start: ${(error as Error).message}`, stack: (error as Error).stack });
    process.exitCode = 1;
    setImmediate(() => process.exit());
  }
}
