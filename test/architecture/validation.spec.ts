import 'reflect-metadata';

import { describe, expect, it } from '@jest/globals';
import { getMetadataStorage, validateSync } from 'class-validator';
import fc from 'fast-check';

import { newId, type Class } from '#kernel';
import { DatabaseSettings } from '#platform/config/settings.js';

import { ApiModule } from '../../apps/api/src/api.module.js';
import { surelyValid } from '../../libs/kernel/surely-valid.js';
import { validationMetadata } from '../../libs/kernel/validation-metadata.js';

const storage = getMetadataStorage() as unknown as {
  readonly validationMetadatas: ReadonlyMap<Class<object>, unknown>;
};

/** Every class of the API and its contexts that has fields: messages, bodies, pages, views. */
const classes = [...storage.validationMetadatas.keys()].filter(
  (type) => type !== DatabaseSettings && !(type.prototype instanceof DatabaseSettings),
);

const odd: readonly unknown[] = [
  undefined,
  null,
  '',
  ' ',
  'x'.repeat(300),
  -1,
  1.5,
  Number.NaN,
  1e9,
  {},
  [],
  [null],
  new Set(['a']),
];
const usual: readonly unknown[] = [
  newId(),
  newId().toUpperCase(),
  'a text',
  'ann@example.org',
  '+491701234567',
  '2030-01-31',
  '2030-01-31T12:00:00Z',
  'https://example.org/path',
  'en',
  '#a0b1c2',
  'EUR',
  1,
  20,
  true,
  false,
  [newId()],
  ['a text'],
  { some: 'thing' },
];

const wrongFields = (message: object): string[] =>
  validateSync(message, { forbidUnknownValues: false }).map(({ property }) => property);

const made = (type: Class<object>, fields: object): object =>
  Object.assign(new (type as unknown as new () => object)(), fields);

/** A message with mostly values that suit their fields, so that it is right about as often as wrong. */
function messageOf(type: Class<object>): fc.Arbitrary<object> {
  const named = new Map<string, unknown[]>();
  for (const { propertyName, constraints } of validationMetadata(type)) {
    const values = (constraints ?? [])
      .flat()
      .filter((value: unknown) => typeof value !== 'function')
      .slice(0, 4);
    named.set(propertyName, [
      ...(named.get(propertyName) ?? []),
      ...values,
      ...values.map((value: unknown) => [value]),
    ]);
  }
  const fields = [...named].map(([property, values]) => {
    const candidates = [undefined, ...values, ...usual];
    const suitable = candidates.filter((value) => !wrongFields(made(type, { [property]: value })).includes(property));
    const any = fc.constantFrom(...candidates, ...odd);
    if (suitable.length === 0) return [property, any] as const;
    return [
      property,
      fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...suitable) }, { weight: 1, arbitrary: any }),
    ] as const;
  });
  return fc.record(Object.fromEntries(fields)).map((given) => made(type, given));
}

describe('Validation', () => {
  it('never takes what class-validator refuses, of any class that there is', () => {
    expect(ApiModule.tags).toBeDefined();
    const seen = { right: 0, wrong: 0 };
    for (const type of classes)
      fc.assert(
        fc.property(messageOf(type), (message) => {
          const right = wrongFields(message).length === 0;
          seen[right ? 'right' : 'wrong']++;
          // Thousands of `expect` would take longer than all the rest.
          if (surelyValid(type, message) !== right) throw new Error(`${type.name} is ${right ? 'right' : 'wrong'}`);
        }),
        { numRuns: 10 },
      );
    expect(classes.length).toBeGreaterThan(150);
    expect(Math.min(seen.right, seen.wrong)).toBeGreaterThan(classes.length);
  });
});
