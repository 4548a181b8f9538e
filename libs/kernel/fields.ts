import { isEmail, Matches, maxLength, MaxLength, MinLength, ValidateBy } from 'class-validator';

import { Trimmed } from './message.js';

/** Several decorators as one. */
export const all =
  (...decorators: readonly PropertyDecorator[]): PropertyDecorator =>
  (target, property) =>
    decorators.forEach((decorate) => decorate(target, property));

const words = (noun: string): string => noun.replaceAll('_', ' ');

/**
 * At most so many characters; the reason is `<noun>_too_long`. Unlike class-validator's `@MaxLength()` it holds for what
 * is no text, which another decorator refuses.
 */
export const AtMost = (noun: string, most: number): PropertyDecorator =>
  ValidateBy(
    {
      name: 'maxLength',
      constraints: [most],
      validator: { validate: (value) => typeof value !== 'string' || maxLength(value, most) },
    },
    { message: `the ${words(noun)} must have at most ${most} characters`, context: { reason: `${noun}_too_long` } },
  );

/**
 * A title or a name of 1 to `most` characters, white space around it not counted. What is wrong has one reason:
 * `<noun>_required` or `<noun>_too_long`.
 */
export const ShortText = (noun: string, most: number): PropertyDecorator =>
  all(
    Trimmed(),
    MinLength(1, {
      message: `the ${words(noun)} must be a text that is not blank`,
      context: { reason: `${noun}_required` },
    }),
    AtMost(noun, most),
  );

/** One address; the reason is `email_invalid`. */
export function EmailAddress(): PropertyDecorator {
  const refusal = {
    message: 'the e-mail address must be one, of at most 254 characters',
    context: { reason: 'email_invalid' },
  };
  // Of a long text nothing else is asked: to look for an address in it takes its time.
  const validate = (value: unknown): boolean => typeof value === 'string' && value.length <= 254 && isEmail(value);
  return all(
    Trimmed(),
    ValidateBy({ name: 'isEmail', constraints: [{}], validator: { validate } }, refusal),
    MaxLength(254, refusal),
  );
}

/** As E.164 has it; the reason is `phone_number_invalid`. */
export const PhoneNumber = (): PropertyDecorator =>
  all(
    Trimmed(),
    Matches(/^\+[0-9]{1,15}$/, {
      message: 'the phone number must be written + and 1 to 15 digits, as +441632960961',
      context: { reason: 'phone_number_invalid' },
    }),
  );
