import { getMetadataStorage } from 'class-validator';

import type { Class } from './message.js';
import { validationMetadata } from './validation-metadata.js';

/** Undefined for what is not known here. */
type Checks = readonly ((message: object) => boolean)[] | undefined;
type Metadata = ReturnType<typeof validationMetadata>[number];

const checksOf = new WeakMap<object, { readonly checks: Checks }>();

/**
 * Whether class-validator would surely find nothing wrong with a message of that class. It makes an error for each field
 * before it looks, and lists anew what to look for each time; here that is done once a class. When this is false,
 * class-validator is to be asked: it says what is wrong, and knows what this does not.
 */
export function surelyValid(type: Class<object>, message: object): boolean {
  let known = checksOf.get(type);
  if (!known) checksOf.set(type, (known = { checks: checksFor(type) }));
  if (!known.checks) return false;
  for (const check of known.checks) if (!check(message)) return false;
  return true;
}

function checksFor(type: Class<object>): Checks {
  const checks = [...Map.groupBy(validationMetadata(type), ({ propertyName }) => propertyName)].map(
    ([property, decorators]) => fieldCheck(property, decorators),
  );
  return checks.every((check) => check !== undefined) ? checks : undefined;
}

function fieldCheck(property: string, decorators: readonly Metadata[]): ((message: object) => boolean) | undefined {
  const conditions: ((message: object, value: unknown) => boolean)[] = [];
  const rules: ((message: object, value: unknown) => boolean)[] = [];
  for (const decorator of decorators) {
    if (decorator.validateIf) return undefined;
    if (decorator.type === 'whitelistValidation') continue;
    if (decorator.type === 'conditionalValidation')
      conditions.push((decorator.constraints as typeof conditions)[0] as (typeof conditions)[number]);
    else if (decorator.type === 'customValidation') rules.push(...rulesOf(decorator));
    else return undefined;
  }
  return (message) => {
    const value = (message as Readonly<Record<string, unknown>>)[property];
    for (const condition of conditions) if (!condition(message, value)) return true;
    for (const rule of rules) if (!rule(message, value)) return false;
    return true;
  };
}

const rulesOf = ({
  constraintCls,
  constraints,
  propertyName,
  each,
}: Metadata): ((m: object, v: unknown) => boolean)[] =>
  getMetadataStorage()
    .getTargetValidatorConstraints(constraintCls)
    .map(({ instance }) => (message, value) => {
      const about = {
        targetName: message.constructor.name,
        property: propertyName,
        object: message,
        value,
        constraints,
      };
      // A validator that answers later, or that has something else to look through than a list, is for class-validator.
      const holds = (one: unknown): boolean => instance.validate(one, about) === true;
      if (!each) return holds(value);
      return Array.isArray(value)
        ? value.every(holds)
        : !(value instanceof Set || value instanceof Map) && holds(value);
    });
