import { IsObject, IsString, maxLength, ValidateBy } from 'class-validator';

import { all, Trimmed } from '#kernel';

import { InteractionTypes } from './vocabulary.js';

const required = { message: '$property must be a text that is not blank', context: { reason: 'field_required' } };

/** A text of 1 to so many characters, white space around it not counted. */
export const Text = (most: number): PropertyDecorator =>
  all(
    Trimmed(),
    IsString(required),
    check('notBlank', (value) => typeof value !== 'string' || value.trim() !== '', required),
    ValidateBy(
      {
        name: 'maxLength',
        constraints: [most],
        validator: { validate: (value) => typeof value !== 'string' || maxLength(value, most) },
      },
      { message: `$property must have at most ${most} characters`, context: { reason: 'field_too_long' } },
    ),
  );

/** Of a visitor, as whoever tracks calls them. */
export const VisitorName = (): PropertyDecorator => Text(255);

const number = /^-?\d{1,15}(\.\d{1,15})?$/;
const isNumber = (value: unknown): value is string => typeof value === 'string' && number.test(value);

/** An amount of money from 0 to 9999999.99, written as a decimal number with at most two digits after the point. */
export const Money = (): PropertyDecorator =>
  all(
    documented(/^\d{1,7}(\.\d{1,2})?$/, isNumber, {
      message: '$property must be an amount written as a text, such as "119.90"',
      context: { reason: 'value_invalid' },
    }),
    check('notNegative', (value) => !isNumber(value) || !value.startsWith('-'), {
      message: '$property must be 0 or more',
      context: { reason: 'value_negative' },
    }),
    check('precision', (value) => !isNumber(value) || !/\.\d{3}/.test(value), {
      message: '$property must have at most two digits after the point',
      context: { reason: 'value_precision' },
    }),
    check('maxValue', (value) => !isNumber(value) || Number(value) < 10_000_000, {
      message: '$property must be at most 9999999.99',
      context: { reason: 'value_too_large' },
    }),
  );

const currencies = new Set(Intl.supportedValuesOf('currency'));

export const Currency = (): PropertyDecorator =>
  documented(/^[A-Z]{3}$/, (value) => currencies.has(value as string), {
    message: '$property must be a currency of ISO 4217 in capitals, such as EUR',
    context: { reason: 'currency_invalid' },
  });

/** How much each kind of interaction counts: not all of them nothing. */
export const InteractionWeights = (): PropertyDecorator =>
  all(
    IsObject(),
    check('weights', areWeights, {
      message: `$property must give ${InteractionTypes.join(', ')} a number from 0 to 1000 each, at least one of them more than 0`,
      context: { reason: 'weights_invalid' },
    }),
  );

export const Weight = (): PropertyDecorator =>
  check('weight', (value) => typeof value === 'number' && value >= 0 && value <= 1, {
    message: '$property must be a number from 0 to 1',
    context: { reason: 'weights_invalid' },
  });

function areWeights(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const given = value as Readonly<Record<string, unknown>>;
  const weights = InteractionTypes.map((type) => (Object.hasOwn(given, type) ? given[type] : undefined));
  return (
    Object.keys(given).length === InteractionTypes.length &&
    weights.every((weight) => typeof weight === 'number' && weight >= 0 && weight <= 1000) &&
    weights.some((weight) => weight !== 0)
  );
}

/** Tells documents of a pattern, and judges by more than that. */
const documented = (
  pattern: RegExp,
  validate: (value: unknown) => boolean,
  options: Parameters<typeof check>[2],
): PropertyDecorator => ValidateBy({ name: 'matches', constraints: [pattern], validator: { validate } }, options);

function check(
  name: string,
  validate: (value: unknown) => boolean,
  options: { readonly message: string; readonly context: { readonly reason: string } },
): PropertyDecorator {
  return ValidateBy({ name, validator: { validate } }, options);
}
