import { positionOf } from '../event-log/positions.js';
import { codeOfKind, problemDocument } from '../http/problem.js';
import type { StoredCommand } from './command-status.queries.js';
import { statusPath } from './commands.js';

type Shown = Pick<
  StoredCommand,
  'type' | 'resource_id' | 'status' | 'accepted_at' | 'settled_at' | 'attempts' | 'problem' | 'result'
> &
  Partial<Pick<StoredCommand, 'blocked_by' | 'next_attempt_at' | 'due_at' | 'era' | 'xid'>>;

/**
 * A stored command as its author sees it.
 * @param correlationId what its problem is called, if it has one
 */
export function shownCommand(
  id: string,
  command: Shown,
  correlationId: string | null | undefined,
): Record<string, unknown> {
  const { type, resource_id, status, accepted_at, settled_at, attempts, problem, result } = command;
  const { blocked_by, next_attempt_at, due_at, era = null, xid = null } = command;
  return {
    command_id: id,
    type,
    resource_id,
    status,
    accepted_at,
    settled_at,
    attempts,
    ...(result && { result }),
    ...(problem && {
      problem: problemDocument({ ...problem, code: codeOfKind[problem.kind] }, undefined, correlationId ?? undefined),
    }),
    ...(blocked_by && { blocked_by }),
    ...(next_attempt_at && { next_attempt_at }),
    ...(due_at && { due_at }),
    ...(era !== null && xid !== null && { position: positionOf(era, xid) }),
    links: { self: statusPath(id) },
  };
}
