import { STATUS_CODES } from 'node:http';

import type { RejectionKind } from '../messaging/rejection.js';

/** Groups of errors and their HTTP status. */
const statusOf = {
  VALIDATION_ERROR: 400,
  RULE_VIOLATION: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  NOT_ACCEPTABLE: 406,
  CONFLICT: 409,
  GONE: 410,
  VERSION_CONFLICT: 412,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  UNPROCESSABLE: 422,
  RATE_LIMITED: 429,
  HEADERS_TOO_LARGE: 431,
  INTERNAL_ERROR: 500,
  UNAVAILABLE: 503,
} as const;

export type ProblemCode = keyof typeof statusOf;

const codeByStatus = new Map<number, ProblemCode>([
  ...(Object.entries(statusOf) as [ProblemCode, number][]).map(([code, status]) => [status, code] as const),
  [400, 'VALIDATION_ERROR'],
]);

/** The one place where the domain's kinds of rejection meet HTTP. */
export const codeOfKind: Readonly<Record<RejectionKind, ProblemCode>> = {
  not_found: 'NOT_FOUND',
  conflict: 'CONFLICT',
  forbidden: 'FORBIDDEN',
  unauthorized: 'UNAUTHORIZED',
  rule_violation: 'RULE_VIOLATION',
  rate_limited: 'RATE_LIMITED',
  version_conflict: 'VERSION_CONFLICT',
  expired: 'RULE_VIOLATION',
  invalid: 'VALIDATION_ERROR',
  key_reused: 'UNPROCESSABLE',
};

export interface ProblemDetails {
  readonly code: ProblemCode;
  readonly reason: string;
  readonly detail: string;
  readonly errors?: readonly { pointer: string; reason: string; message: string }[];
  /** Members beside the standard ones. */
  readonly more?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A body of ten thousand unknown names must not make an answer of ten thousand errors. */
export const mostErrors = 50;

/** An error that knows its problem document. Thrown where HTTP is spoken, never in a domain. */
export class Problem extends Error {
  constructor(readonly details: ProblemDetails) {
    super(details.detail);
  }
  get status(): number {
    return statusOf[this.details.code];
  }
}

/** The answer to a query that found nothing. */
export const notFound = (reason: string, detail: string): Problem => new Problem({ code: 'NOT_FOUND', reason, detail });

/** Something that the request needs cannot be had at present: 503, to be tried again after two seconds. */
export const unavailable = (reason: string, detail: string): Problem =>
  new Problem({ code: 'UNAVAILABLE', reason, detail, headers: { 'Retry-After': '2' } });

export const codeOfStatus = (status: number): ProblemCode =>
  codeByStatus.get(status) ?? (status >= 500 ? 'INTERNAL_ERROR' : 'VALIDATION_ERROR');

/** The problem document (RFC 9457) of an error, with the members that every error of this API has. */
export function problemDocument(
  { code, reason, detail, errors, more }: Omit<ProblemDetails, 'headers'>,
  instance: string | undefined,
  correlationId: string | undefined,
): Record<string, unknown> {
  const status = statusOf[code];
  return {
    type: `/problems/${reason}`,
    title: STATUS_CODES[status],
    status,
    detail,
    instance,
    error: detail,
    code,
    reason,
    errors: errors?.slice(0, mostErrors),
    correlation_id: correlationId,
    ...more,
  };
}
