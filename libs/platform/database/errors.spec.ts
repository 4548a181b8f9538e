import { describe, expect, it } from '@jest/globals';
import { QueryFailedError } from 'typeorm';

import {
  CommitRefused,
  DatabaseUnavailable,
  isInfrastructure,
  isTransient,
  OutcomeUnknown,
  sqlState,
  violatedConstraint,
} from './errors.js';

/** As pg reports what the server says. */
const server = (code: string, more: object = {}): Error =>
  Object.assign(new Error(code), { severity: 'ERROR', code, ...more });
/** As Node reports what the network does. */
const network = (code: string): Error => Object.assign(new Error(code), { code, syscall: 'connect' });

describe('An error of the database', () => {
  it.each(['08006', '53300', '57014', '57P01', '57P03', '58030', '25006', '28P01', '3D000'])(
    '%s is not the statement’s own fault',
    (code) => {
      expect(isInfrastructure(server(code))).toBe(true);
    },
  );

  it.each(['22P02', '23505', '23514', '42601', '40001'])('%s is the statement’s own', (code) => {
    expect(isInfrastructure(server(code))).toBe(false);
  });

  it('is infrastructure when nobody answered', () => {
    for (const code of ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EAI_AGAIN'])
      expect(isInfrastructure(network(code))).toBe(true);
    expect(isInfrastructure(new Error('Connection terminated unexpectedly'))).toBe(true);
    expect(isInfrastructure(new Error('timeout exceeded when trying to connect'))).toBe(true);
    expect(isInfrastructure(new DatabaseUnavailable())).toBe(true);
  });

  it('of a handler is no infrastructure', () => {
    expect(isInfrastructure(new TypeError('x is not a function'))).toBe(false);
    expect(isInfrastructure(new CommitRefused('ROLLBACK'))).toBe(false);
    expect(isInfrastructure(new OutcomeUnknown(network('ECONNRESET')))).toBe(false);
  });

  it('may be run again when it lost against another transaction', () => {
    expect(['40001', '40P01', '55P03'].every((code) => isTransient(server(code)))).toBe(true);
    expect(isTransient(server('23505'))).toBe(false);
  });

  it('names the unique constraint', () => {
    const error = server('23505', { schema: 'auth', constraint: 'users_email' });
    expect(violatedConstraint(error)).toEqual({ schema: 'auth', constraint: 'users_email' });
    expect(violatedConstraint(new QueryFailedError('insert', [], error))).toEqual({
      schema: 'auth',
      constraint: 'users_email',
    });
    expect(violatedConstraint(server('23514', { constraint: 'c' }))).toBeUndefined();
  });

  it('is told apart from errors of the network, which have codes too', () => {
    expect(sqlState(network('ECONNRESET'))).toBeUndefined();
  });

  // A handler may throw anything; the engine asks about all of it.
  it.each([undefined, null, 'text', 7, {}])('is not %p', (thrown) => {
    expect([isInfrastructure(thrown), isTransient(thrown), violatedConstraint(thrown)]).toEqual([
      false,
      false,
      undefined,
    ]);
  });
});
