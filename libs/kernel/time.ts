import { isISO8601, ValidateBy, type ValidationOptions } from 'class-validator';

const shape = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/**
 * The field is a date, or a date and time, in the extended format of ISO 8601 as RFC 3339 profiles it; the offset and the
 * seconds may be left out. Week dates, ordinal dates and impossible days are refused.
 */
export function IsTime(options?: ValidationOptions): PropertyDecorator {
  const defaultMessage = (): string => '$property must be a time such as 2030-01-31T12:00:00Z';
  return ValidateBy({ name: 'isTime', validator: { validate: isTime, defaultMessage } }, options);
}

/** An offset may carry a text of four digits for the year beyond what RFC 3339, and a database, can write. */
const earliest = Date.parse('0001-01-01T00:00:00Z');
const latest = Date.parse('9999-12-31T23:59:59.999Z');

/** Whether the value is a text that `IsTime` accepts. */
export function isTime(value: unknown): value is string {
  if (typeof value !== 'string' || !shape.test(value)) return false;
  if (!isISO8601(value, { strict: true, strictSeparator: true })) return false;
  const at = timeOf(value).getTime();
  return at >= earliest && at <= latest;
}

/** The moment that a text which `IsTime` accepts names. Without an offset it is UTC, wherever the process runs. */
export function timeOf(text: string): Date {
  const floating = text.includes('T') && !/(Z|[+-]\d{2}:\d{2})$/.test(text);
  return new Date(floating ? `${text}Z` : text);
}
