import { snakeCase } from '#kernel';

import { NothingToUpdate } from './errors.js';

/** The wire names of the fields that differ after an update from what they were before. */
export function changed<T extends object>(before: T, after: T): string[] {
  return (Object.keys(after) as (keyof T & string)[]).filter((field) => after[field] !== before[field]).map(snakeCase);
}

/** @throws NothingToUpdate when the update names no field at all */
export function assertNamesAField(update: object): void {
  if (Object.values(update).every((value) => value === undefined)) throw new NothingToUpdate();
}
