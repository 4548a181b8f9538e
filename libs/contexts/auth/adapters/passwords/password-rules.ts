import { dictionary } from '@zxcvbn-ts/language-common';

import { InvalidMessage } from '#kernel';

/** Characters, as people count them. */
const limits = { least: 8, most: 128 } as const;

/** Nobody's password can be one that is shorter. */
const common: ReadonlySet<string> = new Set(
  dictionary['passwords-common'].filter((password) => password.length >= limits.least),
);

/** What a password must not be. */
export interface Identity {
  readonly email?: string;
  readonly username?: string;
}

/**
 * What is wrong with a password that somebody chooses; undefined when nothing is. There is no rule on what it is made of:
 * length and not being among the first guesses are what counts (NIST SP 800-63B, section 3.1.1.2).
 */
export function faultOf(
  password: string,
  { email, username }: Identity = {},
): { readonly reason: string; readonly message: string } | undefined {
  const normal = password.normalize('NFKC');
  const length = [...normal].length;
  if (length < limits.least)
    return { reason: 'password_too_short', message: `the password must have at least ${limits.least} characters` };
  if (length > limits.most)
    return { reason: 'password_too_long', message: `the password must have at most ${limits.most} characters` };
  const lower = normal.toLowerCase();
  if (common.has(lower))
    return {
      reason: 'password_too_common',
      message: 'the password is among the first that anybody tries: choose another',
    };
  if ([email, username].some((name) => name !== undefined && name.trim().toLowerCase() === lower.trim()))
    return {
      reason: 'password_same_as_identity',
      message: 'the password must be another than the e-mail address and the user name',
    };
  return undefined;
}

/**
 * @param pointer where the password stands in the body: `/password`
 * @throws InvalidMessage with the reason
 */
export function checkPassword(pointer: string, password: string, identity?: Identity): void {
  const fault = faultOf(password, identity);
  if (fault) throw new InvalidMessage([{ pointer, ...fault }]);
}
