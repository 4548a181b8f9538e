import { maxLength, MinLength, ValidateBy, type ValidationOptions } from 'class-validator';

import { Trimmed } from '#kernel';

/**
 * A name of 1 to `most` characters, white space around it not counted. What is wrong has one reason: `<noun>_required` or
 * `<noun>_too_long`.
 */
export function ShortText(noun: string, most: number): PropertyDecorator {
  const called = noun.replaceAll('_', ' ');
  const limits = [
    Trimmed(),
    MinLength(1, {
      message: `the ${called} must be a text that is not blank`,
      context: { reason: `${noun}_required` },
    }),
    AtMost(most, {
      message: `the ${called} must have at most ${most} characters`,
      context: { reason: `${noun}_too_long` },
    }),
  ];
  return (target, property) => limits.forEach((limit) => limit(target, property));
}

/** Unlike class-validator's `@MaxLength()` it holds for what is no text, which another decorator refuses. */
const AtMost = (most: number, options: ValidationOptions): PropertyDecorator =>
  ValidateBy(
    {
      name: 'maxLength',
      constraints: [most],
      validator: { validate: (value) => typeof value !== 'string' || maxLength(value, most) },
    },
    options,
  );
