/** A process that has not been heard of for longer than this, in milliseconds, is taken for dead. */
export const silence = 4_000;

/** SQL that is true for a row of `platform.workers` whose process has been heard of within the last 4 seconds. */
export const alive = (alias: string): string => `${alias}.seen_at > now() - interval '${silence} milliseconds'`;
