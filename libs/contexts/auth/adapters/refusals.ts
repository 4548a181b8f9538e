import { Problem } from '#platform/http/problem.js';

/** @param wait seconds until another attempt makes sense */
export const tooMany = (reason: string, detail: string, wait: number): Problem =>
  new Problem({ code: 'RATE_LIMITED', reason, detail, headers: { 'Retry-After': String(wait) } });

export const unauthorized = (reason: string, detail: string): Problem =>
  new Problem({ code: 'UNAUTHORIZED', reason, detail });

/** The same for an unknown name, a wrong password and an account that is not active. */
export const invalidCredentials = (): Problem =>
  unauthorized(
    'invalid_credentials',
    'the name and the password do not fit together: correct them, or reset the password',
  );

export const tooManySignIns = (): Problem =>
  tooMany('too_many_sign_ins', 'too many people are signing in at this moment: try again', 1);
