import { parseArgs } from 'node:util';

import type { Row } from './row.js';

export interface Options {
  /** Fewer and smaller rounds; rows that take long are left out unless they are named. */
  readonly quick: boolean;
  /** Names of the rows to measure, in their own order. */
  readonly rows: readonly string[];
}

export const usage = (rows: readonly string[]): string => `npm run bench -- [--quick] [--only ${rows.join(',')}]`;

/**
 * @param rows all that there are
 * @throws Error that says what is wrong with the arguments
 */
export function optionsOf(args: readonly string[], rows: readonly Pick<Row, 'name' | 'slow'>[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } },
  });
  const { quick, only } = values;
  const names = rows.map(({ name }) => name);
  const wanted = only?.split(',') ?? rows.filter(({ slow }) => !(quick && slow)).map(({ name }) => name);
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`There is no row "${unknown.join('", "')}": there are ${names.join(', ')}.`);
  return { quick, rows: names.filter((name) => wanted.includes(name)) };
}
