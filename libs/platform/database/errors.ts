import { types } from 'node:util';

import { QueryFailedError } from 'typeorm';

/** The connection was lost while COMMIT was under way: nobody knows yet whether the transaction happened. */
export class OutcomeUnknown extends Error {
  constructor(cause: unknown) {
    super('the connection was lost during COMMIT', { cause });
  }
}

/** The database is not there (yet, or any more). */
export class DatabaseUnavailable extends Error {
  constructor(cause?: unknown) {
    super('Postgres cannot be reached', { cause });
  }
}

/** The process is ending: nobody will reach the database through it again. */
export class DatabaseClosed extends Error {
  constructor() {
    super('the connections to Postgres are closed');
  }
}

/** The server answered COMMIT with ROLLBACK: the transaction was aborted before. */
export class CommitRefused extends Error {}

/** The SQLSTATE of an error of the server, see the appendix "PostgreSQL Error Codes" of its documentation. */
export function sqlState(error: unknown): string | undefined {
  const source: unknown = error instanceof QueryFailedError ? error.driverError : error;
  if (typeof source !== 'object' || source === null) return undefined;
  const { code, severity } = source as { code?: unknown; severity?: unknown };
  return severity !== undefined && typeof code === 'string' ? code : undefined;
}

/** The unique constraint that an error names, with schema. */
export function violatedConstraint(error: unknown): { schema: string; constraint: string } | undefined {
  if (sqlState(error) !== '23505') return undefined;
  const { schema, constraint } = error as { schema: string; constraint: string };
  return { schema, constraint };
}

/** 40001 serialization_failure, 40P01 deadlock_detected, 55P03 lock_not_available: the same again may succeed. */
export const isTransient = (error: unknown): boolean => ['40001', '40P01', '55P03'].includes(sqlState(error) ?? '');

/**
 * Not the statement's own fault, as far as the error tells: no answer at all, connection exceptions (08), insufficient
 * resources (53), operator intervention (57: shutdown, crash, statement timeout), system error (58), a login (28) or database (3D) that the server refuses, a
 * read-only standby (25006).
 */
export function isInfrastructure(error: unknown): boolean {
  if (error instanceof DatabaseUnavailable) return true;
  const state = sqlState(error);
  if (state) return /^(08|28|3D|53|57|58)/.test(state) || state === '25006';
  if (!types.isNativeError(error)) return false;
  const { code } = error as { code?: unknown };
  return (
    ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH'].includes(
      String(code),
    ) ||
    /connection terminated|timeout exceeded when trying to connect|query read timeout|client has encountered a connection error|client was closed|connection error/i.test(
      error.message,
    )
  );
}
