import { Allow, ValidateIf } from 'class-validator';

import { validationMetadata } from './validation-metadata.js';

export type Class<T> = new (...args: never[]) => T;

/** The data fields of a message: everything but its methods. */
export type Fields<T> = { [K in keyof T as T[K] extends (...args: never[]) => unknown ? never : K]: T[K] };

export interface Field {
  readonly property: string;
  readonly wireName: string;
  readonly trimmed: boolean;
  /** It is an id, or a list of them: one id is one text, whatever case it was written in. */
  readonly id: boolean;
  /** It may be absent. */
  readonly optional: boolean;
  /** It may be null. */
  readonly nullable: boolean;
  readonly example: unknown;
  /** Only the worker that runs or folds the message may read it. */
  readonly secret: boolean;
  /** It tells something of the message's data subject. */
  readonly personal: boolean;
}

const fieldsOf = new WeakMap<object, readonly Field[]>();
const propertiesOf = new WeakMap<object, ReadonlySet<string>>();

/** What a field's decorators say of its wire form, kept with its validation so that `PickType` and its like carry it on. */
interface WireContext {
  readonly wireName?: string;
  readonly trimmed?: boolean;
  readonly optional?: boolean;
  readonly nullable?: boolean;
  readonly example?: unknown;
  readonly secret?: boolean;
  readonly personal?: boolean;
}

/**
 * Base of commands, events and views: a class whose decorated fields are its wire format, its validation and its schema.
 * Construction takes all fields as one typed argument. A field without a class-validator decorator does not exist at run
 * time, so the codec could not carry it: a construction with one throws.
 */
export abstract class Message<Self> {
  constructor(fields?: Fields<Self>) {
    if (!fields) return;
    const type = this.constructor as Class<object>;
    const declared = declaredProperties(type);
    for (const [property, value] of Object.entries(fields)) {
      if (!declared.has(property))
        throw new TypeError(`${type.name}.${property} carries no class-validator decorator: give it one, or remove it`);
      if (value !== undefined) (this as Record<string, unknown>)[property] = value;
    }
  }
}

/** The fields of a message class, in order of declaration, read once from its validation metadata. */
export function declaredFields(type: Class<object>): readonly Field[] {
  let fields = fieldsOf.get(type);
  if (!fields) {
    const byProperty = Map.groupBy(validationMetadata(type), ({ propertyName }) => propertyName);
    fields = [...byProperty].map(([property, decorators]) => {
      const said: WireContext = Object.assign(
        {},
        ...decorators.map(({ context }) => context as WireContext | undefined),
      );
      return {
        property,
        wireName: said.wireName ?? snakeCase(property),
        trimmed: said.trimmed ?? false,
        id: decorators.some(({ name }) => name === 'isUuid'),
        optional: said.optional ?? false,
        nullable: said.nullable ?? false,
        example: said.example,
        secret: said.secret ?? false,
        personal: said.personal ?? false,
      };
    });
    fieldsOf.set(type, fields);
  }
  return fields;
}

function declaredProperties(type: Class<object>): ReadonlySet<string> {
  let properties = propertiesOf.get(type);
  if (!properties) propertiesOf.set(type, (properties = new Set(declaredFields(type).map(({ property }) => property))));
  return properties;
}

/** Gives a field a wire name of its own, where snake_case would not survive the round trip (`last_30_mins`). */
export const WireName = (wireName: string): PropertyDecorator => Allow({ context: { wireName } satisfies WireContext });

/** White space around the value is removed before it is validated. For names and titles; other text is kept as sent. */
export const Trimmed = (): PropertyDecorator => Allow({ context: { trimmed: true } satisfies WireContext });

/** The field may be absent. Unlike class-validator's `@IsOptional()` it does not let `null` through. */
export const Optional = (): PropertyDecorator =>
  ValidateIf((_, value) => value !== undefined, { context: { optional: true } satisfies WireContext });

/**
 * The field may be null. With `Optional` too, absent and null differ: a change leaves an absent field as it is, and clears
 * one that is null.
 */
export const Nullable = (): PropertyDecorator =>
  ValidateIf((_, value) => value !== null, { context: { nullable: true } satisfies WireContext });

/** What documents show as the field's value. */
export const Example = (example: unknown): PropertyDecorator => Allow({ context: { example } satisfies WireContext });

/**
 * The field's value is encrypted wherever it is stored or sent, and erased from the journal with the end of its command.
 * For what gives access: hashes of passwords, tokens, links that hold one. No public event may have such a field.
 */
export const Secret = (): PropertyDecorator => Allow({ context: { secret: true } satisfies WireContext });

/**
 * The field tells something of a person. It is encrypted in log, journal and parked rows under that person's own key, so
 * that forgetting the key forgets all of it. What is forgotten reads as an empty text, or null where that is allowed.
 */
export const Personal = (): PropertyDecorator => Allow({ context: { personal: true } satisfies WireContext });

export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
