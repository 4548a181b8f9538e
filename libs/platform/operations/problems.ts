import { OutcomeUnknown } from '../database/errors.js';
import { Problem, unavailable, type ProblemDetails } from '../http/problem.js';
import { requestScope } from '../http/request-scope.js';
import { NotDone, type NotDoneReason } from './not-done.js';
import type { Operator } from './operator-actions.js';

/** The operator whose request this is. */
export function operator(reason?: string): Operator {
  const { user, correlationId } = requestScope();
  if (!user) throw new Error('an operator has an access token: give the route @Roles');
  return { id: user.id, reason, correlationId };
}

/**
 * Waits for an action on what is called so.
 * @throws Problem that says why it was not done
 */
export async function done<T>(what: string, action: Promise<T>): Promise<T> {
  try {
    return await action;
  } catch (error) {
    if (error instanceof NotDone) throw new Problem(said[error.reason](what, error.by));
    if (!(error instanceof OutcomeUnknown)) throw error;
    throw unavailable(
      'outcome_unknown',
      `the connection to the database was lost: look at the ${what} again to see whether it was done`,
    );
  }
}

type Said = (what: string, by: string | undefined) => ProblemDetails;

const said: Readonly<Record<NotDoneReason, Said>> = {
  unknown: (what) => ({ code: 'NOT_FOUND', reason: 'not_found', detail: `there is no ${what}` }),
  ended: (what) => ({
    code: 'CONFLICT',
    reason: 'too_late',
    detail: `the ${what} has ended: its status tells what became of it`,
  }),
  waits: (what, by) => ({
    code: 'CONFLICT',
    reason: 'blocked',
    detail: `the ${what} waits behind ${by}: deal with that one`,
  }),
  changed: (what) => ({
    code: 'VERSION_CONFLICT',
    reason: 'version_conflict',
    detail: `the ${what} has been dealt with meanwhile: look at it again`,
  }),
  unverified: (what) => ({
    code: 'CONFLICT',
    reason: 'signature_unknown',
    detail: `the ${what} is signed with a key that ENVELOPE_KEYS does not hold: nobody can tell whose it is`,
  }),
  type_unknown: (what) => ({
    code: 'CONFLICT',
    reason: 'type_unknown',
    detail: `this release does not know the type of the ${what}: ask an API of the release that sent it`,
  }),
  running: (what) => ({
    code: 'CONFLICT',
    reason: 'not_stopped',
    detail: `the ${what} has not stopped: there is nothing to resume`,
  }),
  lane_changed: (what) => ({
    code: 'VALIDATION_ERROR',
    reason: 'lane_changed',
    detail: `the ${what} is for another aggregate: discard it, and have a new command sent`,
  }),
};
