import { hash, timingSafeEqual } from 'node:crypto';

/** Compares in constant time, without a look at capitals. */
export const sameToken = (given: string, expected: string): boolean =>
  timingSafeEqual(digest(given.toUpperCase()), digest(expected));

/** All of one length. */
const digest = (text: string): Buffer => hash('sha256', text, 'buffer');
