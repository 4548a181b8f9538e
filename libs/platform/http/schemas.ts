import type { Type } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { targetConstructorToSchema } from 'class-validator-jsonschema';

import { declaredFields } from '#kernel';

export type SchemaObject = Exclude<
  NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string],
  { $ref: string }
>;

/** The JSON schema of a class's wire form, from its validation metadata. */
export function wireSchema(type: Type): SchemaObject {
  const schema = targetConstructorToSchema(type) as unknown as SchemaObject;
  const wireNames = new Map(declaredFields(type).map(({ property, wireName }) => [property, wireName]));
  const named = (property: string): string => wireNames.get(property) ?? property;
  return {
    ...schema,
    additionalProperties: false,
    properties: Object.fromEntries(
      Object.entries(schema.properties ?? {}).map(([name, value]) => [named(name), value]),
    ),
    required: schema.required?.map(named),
  };
}

const text: SchemaObject = { type: 'string' };
const uuid: SchemaObject = { type: 'string', format: 'uuid' };

export const acceptedSchema: SchemaObject = {
  type: 'object',
  required: ['command_id', 'status', 'message', 'type', 'resource_id', 'links'],
  properties: {
    command_id: uuid,
    status: { type: 'string', enum: ['accepted'] },
    message: text,
    type: text,
    resource_id: uuid,
    links: { type: 'object', properties: { self: text } },
  },
};

export const problemSchema: SchemaObject = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code', 'reason'],
  properties: {
    type: text,
    title: text,
    status: { type: 'integer' },
    detail: text,
    instance: text,
    error: text,
    code: text,
    reason: text,
    correlation_id: text,
    errors: {
      type: 'array',
      items: { type: 'object', properties: { pointer: text, reason: text, message: text } },
    },
  },
};
