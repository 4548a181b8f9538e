import { parseArgs } from 'node:util';

export interface Options {
  /** Fewer and smaller rounds; rows that take long are left out. */
  readonly quick: boolean;
  /** Names of the rows to measure, in their own order. */
  readonly rows: readonly string[];
}

export const usage = (rows: readonly string[]): string => `npm run bench -- [--quick] [--only ${rows.join(',')}]`;

/**
 * @param rows the names of all rows
 * @throws Error that says what is wrong with the arguments
 */
export function optionsOf(args: readonly string[], rows: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } },
  });
  const wanted = values.only?.split(',') ?? rows;
  const unknown = wanted.filter((name) => !rows.includes(name));
  if (unknown.length > 0) throw new Error(`There is no row "${unknown.join('", "')}": there are ${rows.join(', ')}.`);
  return { quick: values.quick, rows: rows.filter((name) => wanted.includes(name)) };
}
