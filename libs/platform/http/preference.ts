/** What a client prefers (RFC 7240): to wait so many seconds for the outcome, or not to wait at all. */
export interface Preference {
  readonly wait: number;
  /** The value of `Preference-Applied`, if the client asked for something. */
  readonly applied?: string;
}

const longestWait = 30;

/**
 * Reads a `Prefer` header. What is malformed or unknown is ignored, as RFC 7240 wants it.
 * @param byDefault seconds that the route waits when the client says nothing
 */
export function preferenceOf(header: string | string[] | undefined, byDefault = 0): Preference {
  if (header === undefined) return { wait: byDefault };
  const preferences = [header]
    .flat()
    .flatMap((line) => line.split(','))
    .map((preference) => preference.split(';', 1)[0]?.trim().toLowerCase() ?? '');
  for (const preference of preferences) {
    const [, quoted, bare] = /^wait\s*=\s*(?:"(\d+)"|(\d+))$/.exec(preference) ?? [];
    const seconds = quoted ?? bare;
    if (seconds === undefined) continue;
    const wait = Math.min(Number(seconds), longestWait);
    return { wait, applied: `wait=${wait}` };
  }
  if (preferences.includes('respond-async')) return { wait: 0, applied: 'respond-async' };
  return { wait: byDefault };
}
