import { derivedId, isTime, timeOf } from '#kernel';

import { Problem } from './problem.js';

/**
 * The entity tag of a resource at a version (RFC 9110, section 8.8.3).
 * @param phase what else the representation depends on, where time alone changes it
 */
export const entityTag = (version: number, phase?: string): string => `"${version}${phase ? `-${phase}` : ''}"`;

/** A phase that changes with these parts: what is shown of others has no part in the resource's own version. */
export const phaseOf = (...parts: readonly string[]): string => derivedId(...parts).slice(0, 8);

/**
 * The version that a command with `If-Match` expects; undefined when it expects none.
 * @throws Problem 400 `if_match_invalid`
 */
export function expectedVersion(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  const [, version] = /^\s*"(\d{1,9})(?:-\w+)?"\s*$/.exec(header) ?? [];
  if (version !== undefined) return Number(version);
  throw new Problem({
    code: 'VALIDATION_ERROR',
    reason: 'if_match_invalid',
    detail: 'If-Match must be one ETag as a query gave it, such as "3", or *',
  });
}

/** Whether the client has that representation already: `If-None-Match`, compared weakly (RFC 9110, section 13.1.2). */
export function isFresh(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  return header.trim() === '*' || header.split(',').some((given) => given.trim().replace(/^W\//, '') === tag);
}

/**
 * The moment by which a command must have been started.
 * @throws Problem 400 `command_deadline_invalid`
 */
export function commandDeadline(header: string | string[] | undefined): Date | undefined {
  if (header === undefined) return undefined;
  if (isTime(header) && /(Z|[+-]\d{2}:\d{2})$/.test(header)) return timeOf(header);
  throw new Problem({
    code: 'VALIDATION_ERROR',
    reason: 'command_deadline_invalid',
    detail: 'Command-Deadline must be an RFC 3339 time such as 2030-01-31T12:00:00Z',
  });
}
