import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Whether Twilio has signed a request with the account's auth token: HMAC-SHA-1 over the address, as Twilio was given it,
 * and all fields of the form, sorted by name, name and value one after the other.
 * @param fields values of one name in the order in which they came
 */
export function isSignedByTwilio(
  signature: string,
  { url, fields, token }: { url: string; fields: Iterable<readonly [string, string]>; token: string },
): boolean {
  // Without a token anybody could sign.
  if (token === '') return false;
  const expected = Buffer.from(
    createHmac('sha1', token)
      .update(url + textOf(fields))
      .digest('base64'),
  );
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** As Twilio's own libraries do it: a name with several values has each of them once, in order. */
function textOf(fields: Iterable<readonly [string, string]>): string {
  const values = new Map<string, Set<string>>();
  for (const [name, value] of fields) values.set(name, (values.get(name) ?? new Set()).add(value));
  return [...values]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, all]) =>
      [...all]
        .sort()
        .map((value) => name + value)
        .join(''),
    )
    .join('');
}
