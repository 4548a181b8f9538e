import { IsString, Matches, MaxLength, ValidateBy } from 'class-validator';

import { all, Trimmed } from '#kernel';

/** A part of somebody's name; an empty one is none. */
export const NamePart = (noun: string): PropertyDecorator =>
  all(
    Trimmed(),
    IsString(),
    MaxLength(100, {
      message: `the ${noun.replace('_', ' ')} must have at most 100 characters`,
      context: { reason: `${noun}_too_long` },
    }),
  );

/** An address of the web: whoever follows it runs nothing and shows no password. */
export function WebAddress(noun: string): PropertyDecorator {
  const refusal = {
    message: `the ${noun.replaceAll('_', ' ')} must be an http or https address of at most 500 characters`,
    context: { reason: `${noun}_invalid` },
  };
  return all(
    // `URL` alone would take, and silently correct, addresses with white space or backslashes.
    Matches(/^[Hh][Tt]{2}[Pp][Ss]?:\/\/[^\s\\/"<>`][^\s\\"<>`]*$/, refusal),
    MaxLength(500, refusal),
    ValidateBy({ name: 'isUrl', validator: { validate: isWebAddress } }, refusal),
  );
}

function isWebAddress(value: unknown): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { username, password } = new URL(value);
  return username === '' && password === '';
}
