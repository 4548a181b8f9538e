import type { Type } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { targetConstructorToSchema } from 'class-validator-jsonschema';

import { declaredFields, type Field } from '#kernel';

export type SchemaObject = Exclude<
  NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string],
  { $ref: string }
>;

/** Those of classes are made when they are asked for: a process that shows nobody its document starts without them. */
const named = new Map<string, SchemaObject | Type>();

/** All schemas that routes have referred to so far, by name: the components of the document. */
export const namedSchemas = (): Record<string, SchemaObject> =>
  Object.fromEntries([...named].map(([name, schema]) => [name, made(schema)]));

/**
 * A reference to a schema of that name.
 * @throws TypeError when another schema has the name
 */
export function schemaRef(name: string, schema: SchemaObject | Type): SchemaObject {
  const known = named.get(name) ?? schema;
  if (known !== schema && JSON.stringify(made(known)) !== JSON.stringify(made(schema)))
    throw new TypeError(`two schemas are called ${name}: rename one of the classes`);
  named.set(name, known);
  return { $ref: `#/components/schemas/${name}` } as unknown as SchemaObject;
}

const made = (schema: SchemaObject | Type): SchemaObject =>
  typeof schema === 'function' ? wireSchema(schema) : schema;

/** A reference to the schema of a class's wire form. */
export const wireRef = (type: Type): SchemaObject => schemaRef(type.name, type);

/** The JSON schema of a class's wire form, from its validation metadata. */
export function wireSchema(type: Type): SchemaObject {
  const schema = targetConstructorToSchema(type, {
    additionalConverters: { isTime: { type: 'string', format: 'date-time' } },
  }) as unknown as SchemaObject;
  const fields = declaredFields(type);
  const required = fields.filter(({ optional }) => !optional).map(({ wireName }) => wireName);
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(
      fields.map((field) => [
        field.wireName,
        fieldSchema(field, withoutObject(schema.properties?.[field.property] as SchemaObject)),
      ]),
    ),
    ...(required.length > 0 && { required }),
  };
}

/** Of a free map the property's type is known to be Object, to which there is no schema. */
function withoutObject(schema: SchemaObject & { $ref?: string } = {}): SchemaObject {
  const { $ref, ...rest } = schema;
  return $ref === '#/definitions/Object' ? { ...rest, type: 'object' } : schema;
}

function fieldSchema({ nullable, example }: Field, schema: SchemaObject): SchemaObject {
  const examples = example === undefined ? {} : { examples: [example] };
  if (!nullable) return { ...schema, ...examples };
  const { type, enum: values, ...rest } = schema;
  return {
    ...rest,
    ...(type && { type: [type, 'null'] as unknown as string }),
    ...(values && { enum: [...values, null] }),
    ...examples,
  };
}

const text: SchemaObject = { type: 'string' };
const uuid: SchemaObject = { type: 'string', format: 'uuid' };
const moment: SchemaObject = { type: 'string', format: 'date-time' };

export const acceptedSchema: SchemaObject = schemaRef('Accepted', {
  type: 'object',
  additionalProperties: false,
  required: ['command_id', 'status', 'message', 'type', 'resource_id', 'links'],
  properties: {
    command_id: uuid,
    status: { type: 'string', enum: ['accepted'] },
    message: text,
    type: text,
    resource_id: uuid,
    links: { type: 'object', additionalProperties: false, required: ['self'], properties: { self: text } },
  },
});

export const problemSchema: SchemaObject = schemaRef('Problem', {
  type: 'object',
  additionalProperties: false,
  required: ['type', 'title', 'status', 'detail', 'error', 'code', 'reason'],
  properties: {
    type: { type: 'string', format: 'uri-reference' },
    title: text,
    status: { type: 'integer' },
    detail: text,
    instance: { type: 'string' },
    error: text,
    code: text,
    reason: text,
    correlation_id: text,
    errors: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['pointer', 'reason', 'message'],
        properties: { pointer: text, reason: text, message: text },
      },
    },
    command_id: uuid,
    links: { type: 'object', additionalProperties: false, required: ['self'], properties: { self: text } },
    items: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['index', 'command_id'],
        properties: { index: { type: 'integer', minimum: 0 }, command_id: uuid },
      },
    },
  },
});

/**
 * What became of the items that a request sent a command each for.
 * @param done what the status of an item is called whose command has succeeded
 * @param id what the id of an item's aggregate is called
 */
export const sentItemsSchema = (done: string, id: string): SchemaObject => ({
  type: 'object',
  additionalProperties: false,
  required: ['items'],
  properties: {
    items: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['index', 'status'],
        properties: {
          index: { type: 'integer', minimum: 0 },
          status: { type: 'string', enum: [done, 'accepted', 'rejected'] },
          [id]: uuid,
          command_id: uuid,
          problem: problemSchema,
        },
      },
    },
  },
});

export const commandSchema: SchemaObject = schemaRef('Command', {
  type: 'object',
  additionalProperties: false,
  required: ['command_id', 'status', 'links'],
  properties: {
    command_id: uuid,
    type: text,
    resource_id: uuid,
    status: {
      type: 'string',
      enum: ['accepted', 'retrying', 'blocked', 'succeeded', 'rejected', 'dead', 'discarded', 'scheduled', 'unknown'],
    },
    accepted_at: moment,
    settled_at: { ...moment, type: ['string', 'null'] as unknown as string },
    attempts: { type: 'integer' },
    result: {
      type: 'object',
      additionalProperties: false,
      required: ['version', 'created'],
      properties: { version: { type: 'integer' }, created: { type: 'boolean' } },
    },
    problem: problemSchema,
    blocked_by: uuid,
    next_attempt_at: moment,
    due_at: moment,
    position: text,
    links: { type: 'object', additionalProperties: false, required: ['self'], properties: { self: text } },
  },
});

/** One page of a list. */
export const pageSchema = (item: Type): SchemaObject => ({
  type: 'object',
  additionalProperties: false,
  required: ['items', 'next_cursor'],
  properties: {
    items: { type: 'array', items: wireRef(item) },
    next_cursor: { type: ['string', 'null'] as unknown as string },
    total: { type: 'integer', minimum: 0 },
  },
});

/** An example of a class's wire form, from its fields' examples. Undefined when one that is required has none. */
export function wireExample(type: Type): Record<string, unknown> | undefined {
  const fields = declaredFields(type);
  if (fields.some(({ optional, example }) => !optional && example === undefined)) return undefined;
  return Object.fromEntries(
    fields.flatMap(({ wireName, example }) => (example === undefined ? [] : [[wireName, example]])),
  );
}
