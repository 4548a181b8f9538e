import { describe, expect, it } from '@jest/globals';

import { codeOfKind, codeOfStatus, Problem, problemDocument, type ProblemCode } from './problem.js';

const statusOf = (code: ProblemCode): number => new Problem({ code, reason: 'r', detail: 'd' }).status;

describe('A problem document', () => {
  it('has the members of RFC 9457, and those that every error here has', () => {
    const details = { code: 'RULE_VIOLATION', reason: 'due_date_in_past', detail: 'too late' } as const;
    expect(problemDocument(details, '/api/v1/tasks', 'c1')).toEqual({
      type: '/problems/due_date_in_past',
      title: 'Bad Request',
      status: 400,
      detail: 'too late',
      instance: '/api/v1/tasks',
      error: 'too late',
      code: 'RULE_VIOLATION',
      reason: 'due_date_in_past',
      errors: undefined,
      correlation_id: 'c1',
    });
  });

  it('may tell more', () => {
    const details = {
      code: 'UNAVAILABLE',
      reason: 'broker_unavailable',
      detail: 'd',
      more: { command_id: 'x' },
    } as const;
    expect(problemDocument(details, undefined, undefined)).toMatchObject({ status: 503, command_id: 'x' });
  });
});

describe('A rejection', () => {
  it.each([
    ['not_found', 404],
    ['conflict', 409],
    ['forbidden', 403],
    ['unauthorized', 401],
    ['rule_violation', 400],
    ['rate_limited', 429],
    ['version_conflict', 412],
    ['expired', 400],
    ['invalid', 400],
  ] as const)('of kind %s answers %i', (kind, status) => {
    expect(statusOf(codeOfKind[kind])).toBe(status);
  });
});

describe('A status of the framework’s own', () => {
  it('has the code of its status', () => {
    for (const status of [401, 403, 404, 405, 406, 409, 412, 413, 415, 422, 429, 431, 503])
      expect(statusOf(codeOfStatus(status))).toBe(status);
    expect(codeOfStatus(400)).toBe('VALIDATION_ERROR');
  });

  it('without a code of its own is the caller’s fault below 500, and ours from there on', () => {
    expect([codeOfStatus(418), codeOfStatus(502)]).toEqual(['VALIDATION_ERROR', 'INTERNAL_ERROR']);
  });
});
