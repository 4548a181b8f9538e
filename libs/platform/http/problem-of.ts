import { DomainError, InvalidMessage } from '#kernel';

import {
  CommitRefused,
  DatabaseUnavailable,
  isInfrastructure,
  isTransient,
  OutcomeUnknown,
} from '../database/errors.js';
import { codeOfKind, mostErrors, Problem, unavailable } from './problem.js';

/**
 * The problem that an error stands for; undefined where it stands for none, and is a fault of ours.
 * @param at JSON pointer to the part of the body that was refused, where that is not the whole
 */
export function problemOf(error: unknown, at = ''): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof InvalidMessage)
    return new Problem({
      code: 'VALIDATION_ERROR',
      reason: error.reason,
      detail: said(error),
      errors: error.violations.map((violation) => ({ ...violation, pointer: `${at}${violation.pointer}` })),
    });
  if (error instanceof DomainError)
    return new Problem({ code: codeOfKind[error.kind], reason: error.reason, detail: error.message });
  if (error instanceof OutcomeUnknown)
    return unavailable(
      'outcome_unknown',
      'the connection to the database was lost: look again to see whether it was done',
    );
  if (error instanceof CommitRefused || isTransient(error))
    return unavailable('database_busy', 'others were in the way of this, and nothing has changed: try again');
  if (error instanceof DatabaseUnavailable || isInfrastructure(error))
    return unavailable('database_unavailable', 'the database cannot be reached at present: try again');
  return undefined;
}

const said = ({ violations, message }: InvalidMessage): string =>
  violations.length > mostErrors ? `${violations.length} fields are not as they must be` : message;
