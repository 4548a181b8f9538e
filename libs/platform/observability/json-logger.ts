import { inspect } from 'node:util';

import type { LoggerService, LogLevel } from '@nestjs/common';

import { correlation } from './correlation.js';

const severities: readonly LogLevel[] = ['fatal', 'error', 'warn', 'log', 'debug', 'verbose'];

/**
 * Writes one JSON object a line to standard output: time, level, message, context, correlation_id, user_id, and the
 * fields of an object given as the message. Lines of one turn of the event loop are written together.
 */
export class JsonLogger implements LoggerService {
  readonly #threshold: number;
  readonly #fields: Record<string, unknown>;
  #pending: string[] = [];

  constructor(level: LogLevel, fields: Record<string, unknown> = {}) {
    this.#threshold = severities.indexOf(level);
    this.#fields = fields;
    process.on('exit', () => this.#flush());
  }

  log = (message: unknown, ...rest: unknown[]): void => this.#write('log', message, rest);
  error = (message: unknown, ...rest: unknown[]): void => this.#write('error', message, rest);
  warn = (message: unknown, ...rest: unknown[]): void => this.#write('warn', message, rest);
  debug = (message: unknown, ...rest: unknown[]): void => this.#write('debug', message, rest);
  verbose = (message: unknown, ...rest: unknown[]): void => this.#write('verbose', message, rest);
  fatal = (message: unknown, ...rest: unknown[]): void => this.#write('fatal', message, rest);

  #write(level: LogLevel, message: unknown, rest: unknown[]): void {
    if (severities.indexOf(level) > this.#threshold) return;
    const context = rest.at(-1);
    const stack = level === 'error' || level === 'fatal' ? (rest.length > 1 ? rest[0] : undefined) : undefined;
    const now = correlation.getStore();
    const line = {
      time: new Date().toISOString(),
      level: level === 'log' ? 'info' : level,
      ...this.#fields,
      context: typeof context === 'string' ? context : undefined,
      correlation_id: now?.correlationId,
      user_id: now?.userId,
      ...fieldsOf(message),
      ...(stack === undefined ? {} : { stack }),
    };
    if (this.#pending.push(printed(line)) === 1) setImmediate(() => this.#flush());
  }

  #flush(): void {
    if (this.#pending.length === 0) return;
    process.stdout.write(`${this.#pending.join('\n')}\n`);
    this.#pending = [];
  }
}

function fieldsOf(message: unknown): object {
  if (message instanceof Error) return { message: message.message, stack: message.stack };
  if (typeof message === 'string') return { message };
  return typeof message === 'object' && message !== null ? message : { message: inspect(message) };
}

/** What JSON cannot hold (a circle, a BigInt) must not break the code that logs it. */
function printed(line: object): string {
  try {
    return JSON.stringify(line);
  } catch {
    const plain = (value: unknown): unknown =>
      typeof value === 'object' || typeof value === 'bigint'
        ? inspect(value, { depth: 3, breakLength: Infinity })
        : value;
    return JSON.stringify(Object.fromEntries(Object.entries(line).map(([name, value]) => [name, plain(value)])));
  }
}
