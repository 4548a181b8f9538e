import { validateSync, type ValidationError } from 'class-validator';

import { declaredFields, snakeCase, type Class, type Field, type Message } from './message.js';
import { surelyValid } from './surely-valid.js';

/** One reason why a message is refused. `pointer` is a JSON pointer (RFC 6901) into the wire form. */
export interface Violation {
  readonly pointer: string;
  readonly reason: string;
  readonly message: string;
}

/** Thrown by `decode`: the value is no message of that class, and why, field by field. */
export class InvalidMessage extends Error {
  constructor(readonly violations: readonly Violation[]) {
    super(violations.map(({ message }) => message).join('; '));
  }
  /** The reason that all violations share, else `validation_failed`. */
  get reason(): string {
    const [first, ...rest] = this.violations;
    return first && rest.every(({ reason }) => reason === first.reason) ? first.reason : 'validation_failed';
  }
}

/** The wire form of a message: its declared fields in snake_case. Absent fields are left out. */
export function toWire(message: object): Record<string, unknown> {
  const wire: Record<string, unknown> = {};
  for (const { property, wireName } of declaredFields(message.constructor as Class<object>)) {
    const value = (message as Record<string, unknown>)[property];
    if (value !== undefined) wire[wireName] = value;
  }
  return wire;
}

/**
 * The message that a wire form stands for, validated: no coercion, no unknown fields.
 * @throws InvalidMessage
 */
export function decode<T extends object>(type: Class<T>, wire: unknown): T {
  if (typeof wire !== 'object' || wire === null || Array.isArray(wire))
    throw new InvalidMessage([{ pointer: '', reason: 'object_expected', message: 'a JSON object is expected' }]);
  const message = read(type, wire as Record<string, unknown>);
  const unknown = Object.keys(wire).filter((name) => !declaredFields(type).some(({ wireName }) => wireName === name));
  if (unknown.length === 0 && surelyValid(type, message)) return message;
  const violations = [
    ...unknown.map((name) => ({
      pointer: `/${escaped(name)}`,
      reason: 'field_unknown',
      message: `${name} is not a field of this request`,
    })),
    ...validateSync(message, { forbidUnknownValues: false }).flatMap((error) => violationsOf(type, error)),
  ];
  if (violations.length) throw new InvalidMessage(violations);
  return message;
}

/** A stored message, which was validated before it was stored. Fields that the class no longer has are dropped. */
export function revive<T extends object>(type: Class<T>, wire: Readonly<Record<string, unknown>>): T {
  return read(type, wire);
}

function read<T extends object>(type: Class<T>, wire: Readonly<Record<string, unknown>>): T {
  const message = new (type as unknown as new () => T)() as Record<string, unknown>;
  for (const field of declaredFields(type)) {
    const value = Object.hasOwn(wire, field.wireName) ? wire[field.wireName] : undefined;
    if (value !== undefined) message[field.property] = normal(field, value);
  }
  return message as T;
}

function normal(field: Field, value: unknown): unknown {
  if (Array.isArray(value) && field.id) return value.map((item) => normal(field, item));
  if (typeof value !== 'string') return value;
  if (field.id) return value.toLowerCase();
  return field.trimmed ? value.trim() : value;
}

function violationsOf(type: Class<object>, error: ValidationError): Violation[] {
  const wireName = declaredFields(type).find(({ property }) => property === error.property)?.wireName ?? error.property;
  return Object.entries(error.constraints ?? {}).map(([constraint, message]) => ({
    pointer: `/${escaped(wireName)}`,
    reason: (error.contexts?.[constraint] as { reason?: string } | undefined)?.reason ?? snakeCase(constraint),
    message: message.replace(error.property, wireName),
  }));
}

const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

/** A message's wire name and data, as stored and sent. */
export type Wire<T extends Message<unknown>> = { readonly [K in keyof T as SnakeCase<K & string>]: T[K] };

type SnakeCase<S extends string> = S extends `${infer Head}${infer Tail}`
  ? `${Head extends Lowercase<Head> ? Head : `_${Lowercase<Head>}`}${SnakeCase<Tail>}`
  : S;
