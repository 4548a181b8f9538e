import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';

import { declaredFields, decode, InvalidMessage, Message, type Class } from '#kernel';

import { assertPlainJson } from './plain-json.js';

/** Turns a request's body or query into the message class that the controller names, validated. */
@Injectable()
export class DecodePipe implements PipeTransform {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (!metatype || !(metatype.prototype instanceof Message || declaresFields(metatype))) return value;
    if (type === 'body') {
      assertPlainJson(value);
      return decode(metatype as Class<object>, value ?? {});
    }
    if (type === 'query')
      return decode(metatype as Class<object>, numbersRead(metatype as Class<object>, value as object));
    return value;
  }
}

/** Classes made by `PickType` and its like extend no message, but carry its fields. */
const declaresFields = (type: unknown): boolean =>
  typeof type === 'function' &&
  type !== Object &&
  type !== String &&
  type !== Number &&
  declaredFields(type as Class<object>).length > 0;

/** A query string knows only text: fields that are numbers are read as such, if they are written as one. */
function numbersRead(type: Class<object>, query: object): Record<string, unknown> {
  const read: Record<string, unknown> = { ...query };
  for (const { property, wireName } of declaredFields(type)) {
    const value = read[wireName];
    const numeric = Reflect.getMetadata('design:type', type.prototype as object, property) === Number;
    if (numeric && typeof value === 'string' && /^-?\d{1,15}$/.test(value)) read[wireName] = Number(value);
  }
  for (const [name, value] of Object.entries(read))
    if (Array.isArray(value) && !isList(type, name))
      throw new InvalidMessage([{ pointer: `/${name}`, reason: 'repeated', message: `${name} may be given once` }]);
  return read;
}

function isList(type: Class<object>, name: string): boolean {
  const field = declaredFields(type).find(({ wireName }) => wireName === name);
  return !!field && Reflect.getMetadata('design:type', type.prototype as object, field.property) === Array;
}
