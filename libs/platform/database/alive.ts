/** SQL that is true for a row of `platform.workers` whose process has been heard of within the last 4 seconds. */
export const alive = (alias: string): string => `${alias}.seen_at > now() - interval '4 seconds'`;
