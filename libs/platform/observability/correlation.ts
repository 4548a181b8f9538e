import { AsyncLocalStorage } from 'node:async_hooks';

export interface Correlation {
  readonly correlationId: string;
  userId?: string;
}

/** What every log line written while a request or message is handled carries. */
export const correlation = new AsyncLocalStorage<Correlation>();
