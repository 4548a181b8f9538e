import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';

import { declaredFields, decode, InvalidMessage, Message, type Class } from '#kernel';

import { assertText } from './plain-json.js';

/** Turns a request's body or query into the message class that the controller names, validated. */
@Injectable()
export class DecodePipe implements PipeTransform {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (!metatype || !(metatype.prototype instanceof Message || declaresFields(metatype))) return value;
    if (type === 'body') return decode(metatype as Class<object>, value ?? {});
    if (type === 'query') return decode(metatype as Class<object>, read(metatype as Class<object>, value as object));
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

/** A query string knows only text: numbers, booleans and lists are read from it where the class declares them. */
function read(type: Class<object>, query: object): Record<string, unknown> {
  const given: Record<string, unknown> = { ...query };
  for (const [name, value] of Object.entries(given)) {
    for (const text of [value].flat()) assertText(String(text), `/${name}`);
    const declared = declaredType(type, name);
    if (declared === Array) given[name] = [value].flat();
    else if (Array.isArray(value))
      throw new InvalidMessage([{ pointer: `/${name}`, reason: 'repeated', message: `${name} may be given once` }]);
    else if (declared === Number && /^-?\d{1,15}(\.\d{1,15})?$/.test(String(value))) given[name] = Number(value);
    else if (declared === Boolean && (value === 'true' || value === 'false')) given[name] = value === 'true';
  }
  return given;
}

function declaredType(type: Class<object>, name: string): unknown {
  const field = declaredFields(type).find(({ wireName }) => wireName === name);
  return field && Reflect.getMetadata('design:type', type.prototype as object, field.property);
}
