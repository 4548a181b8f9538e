import { isISO8601, ValidateBy, type ValidationOptions } from 'class-validator';

const shape = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/**
 * The field is a date, or a date and time, in the extended format of ISO 8601 as RFC 3339 profiles it; the offset and the
 * seconds may be left out. Week dates, ordinal dates and impossible days are refused.
 */
export function IsTime(options?: ValidationOptions): PropertyDecorator {
  const validate = (value: unknown): boolean =>
    typeof value === 'string' &&
    shape.test(value) &&
    isISO8601(value, { strict: true, strictSeparator: true }) &&
    !Number.isNaN(timeOf(value).getTime());
  const defaultMessage = (): string => '$property must be a time such as 2030-01-31T12:00:00Z';
  return ValidateBy({ name: 'isTime', validator: { validate, defaultMessage } }, options);
}

/** The moment that a text which `IsTime` accepts names. Without an offset it is UTC, wherever the process runs. */
export function timeOf(text: string): Date {
  const floating = text.includes('T') && !/(Z|[+-]\d{2}:\d{2})$/.test(text);
  return new Date(floating ? `${text}Z` : text);
}
