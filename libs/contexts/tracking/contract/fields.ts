import { IsString, maxLength, ValidateBy, type ValidationOptions } from 'class-validator';

import { all, Trimmed } from '#kernel';

import { InteractionTypes } from './vocabulary.js';

/** Of partner, campaign or visitor, as whoever sends it calls them: 1 to 255 characters, white space around them not counted. */
export const Key = (): PropertyDecorator => all(Trimmed(), ...text(255));

/** An address of the web of at most 2,048 characters, kept as it is. */
export const WebAddress = (): PropertyDecorator =>
  all(
    ...text(2048),
    check('isUrl', (value) => typeof value !== 'string' || value.trim() === '' || isWebAddress(value), {
      message: '$property must be an http or https address, such as https://example.org/',
      context: { reason: 'url_invalid' },
    }),
  );

export const KnownInteraction = (): PropertyDecorator =>
  all(
    check('isNotEmpty', (value) => !isAbsent(value), required),
    ValidateBy(
      {
        name: 'isIn',
        constraints: [InteractionTypes],
        validator: { validate: (value) => isAbsent(value) || (InteractionTypes as readonly unknown[]).includes(value) },
      },
      {
        message: `$property must be one of ${InteractionTypes.join(', ')}, in lower case`,
        context: { reason: 'interaction_type_invalid' },
      },
    ),
  );

/** At most 20 plain values by short names. */
export const Metadata = (): PropertyDecorator =>
  check('metadata', isMetadata, {
    message:
      '$property must be at most 20 texts of at most 1,000 characters, numbers, booleans or nulls, by names of 1 to 100',
    context: { reason: 'metadata_invalid' },
  });

/** Why something is done: 1 to 500 characters. */
export const Reason = (): PropertyDecorator => all(Trimmed(), ...text(500));

const required = { message: '$property must be a text that is not blank', context: { reason: 'field_required' } };

/** Each is silent about what another one refuses, so that one fault has one reason. */
const text = (most: number): readonly PropertyDecorator[] => [
  IsString(required),
  check('isNotEmpty', (value) => typeof value !== 'string' || value.trim() !== '', required),
  ValidateBy(
    {
      name: 'maxLength',
      constraints: [most],
      validator: { validate: (value) => typeof value !== 'string' || maxLength(value, most) },
    },
    { message: `$property must have at most ${most} characters`, context: { reason: 'field_too_long' } },
  ),
];

function check(name: string, validate: (value: unknown) => boolean, options: ValidationOptions): PropertyDecorator {
  return ValidateBy({ name, validator: { validate } }, options);
}

const isAbsent = (value: unknown): boolean => value === undefined || value === null;

/** `URL` alone would take, and silently correct, addresses with white space in them. */
const isWebAddress = (value: string): boolean => /^https?:\/\/[^\s\p{Cc}]+$/iu.test(value) && URL.canParse(value);

function isMetadata(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  return entries.length <= 20 && entries.every(([name, each]) => /^.{1,100}$/su.test(name) && isPlain(each));
}

/** A number that is written larger than a double can be arrives as `Infinity`, and would be kept as null. */
const isPlain = (value: unknown): boolean =>
  value === null ||
  typeof value === 'boolean' ||
  Number.isFinite(value) ||
  (typeof value === 'string' && maxLength(value, 1000));
