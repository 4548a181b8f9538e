import { getMetadataStorage } from 'class-validator';

export type Class<T> = new (...args: never[]) => T;

/** The data fields of a message: everything but its methods. */
export type Fields<T> = { [K in keyof T as T[K] extends (...args: never[]) => unknown ? never : K]: T[K] };

export interface Field {
  readonly property: string;
  readonly wireName: string;
  readonly trimmed: boolean;
}

const fieldsOf = new WeakMap<object, readonly Field[]>();
const constructed = new WeakSet<object>();
const wireNames = new WeakMap<object, Map<string, string>>();
const trimmedFields = new WeakMap<object, Set<string>>();

/**
 * Base of commands, events and views: a class whose decorated fields are its wire format, its validation and its schema.
 * Construction takes all fields as one typed argument. A field without a class-validator decorator does not exist at run
 * time, so the codec could not carry it: the first construction with one throws.
 */
export abstract class Message<Self> {
  constructor(fields?: Fields<Self>) {
    if (!fields) return;
    const type = this.constructor as Class<object>;
    const declared = declaredFields(type);
    if (!constructed.has(type)) {
      const bare = Object.keys(fields).filter((key) => !declared.some((field) => field.property === key));
      if (bare.length)
        throw new TypeError(`${type.name}.${bare[0]} carries no class-validator decorator: give it one, or remove it`);
      constructed.add(type);
    }
    for (const { property } of declared) {
      const value = (fields as Record<string, unknown>)[property];
      if (value !== undefined) (this as Record<string, unknown>)[property] = value;
    }
  }
}

/** The fields of a message class, in order of declaration, read once from its validation metadata. */
export function declaredFields(type: Class<object>): readonly Field[] {
  let fields = fieldsOf.get(type);
  if (!fields) {
    const names = getMetadataStorage()
      .getTargetValidationMetadatas(type, '', false, false)
      .map((metadata) => metadata.propertyName);
    fields = [...new Set(names)].map((property) => ({
      property,
      wireName: inherited(type, wireNames, (map) => map.get(property)) ?? snakeCase(property),
      trimmed: inherited(type, trimmedFields, (set) => set.has(property) || undefined) ?? false,
    }));
    fieldsOf.set(type, fields);
  }
  return fields;
}

/** Gives a field a wire name of its own, where snake_case would not survive the round trip (`last_30_mins`). */
export function WireName(name: string): PropertyDecorator {
  return (target, property) => {
    const map = wireNames.get(target.constructor) ?? new Map<string, string>();
    wireNames.set(target.constructor, map.set(String(property), name));
  };
}

/** White space around the value is removed before it is validated. For names and titles; other text is kept as sent. */
export function Trimmed(): PropertyDecorator {
  return (target, property) => {
    const set = trimmedFields.get(target.constructor) ?? new Set<string>();
    trimmedFields.set(target.constructor, set.add(String(property)));
  };
}

export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** A class made by a mapped type (`PickType`) keeps its parent in its field metadata only, so look at all bases. */
function inherited<T, R>(type: Class<object>, map: WeakMap<object, T>, read: (value: T) => R | undefined): R | undefined {
  for (let base: unknown = type; typeof base === 'function'; base = Object.getPrototypeOf(base)) {
    const value = map.get(base);
    const found = value && read(value);
    if (found !== undefined) return found;
  }
  return undefined;
}
