import { applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiConsumes } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';

import { InvalidMessage } from '#kernel';

import { assertPlainJson } from './plain-json.js';

/** The route also takes a form, `application/x-www-form-urlencoded`: its names are the fields of the body. */
export const TakesForm = (): MethodDecorator =>
  applyDecorators(RouteConfig({ form: true }), ApiConsumes('application/json', 'application/x-www-form-urlencoded'));

export const takesForm = ({ routeOptions: { config } }: FastifyRequest): boolean =>
  (config as { readonly form?: boolean }).form === true;

/**
 * Reads a form as a body.
 * @throws InvalidMessage when a name is given twice, or what `assertPlainJson` says
 */
export function readForm(text: string): Record<string, string> {
  const fields = [...new URLSearchParams(text)];
  const names = new Set<string>();
  for (const [name] of fields) {
    if (names.has(name))
      throw new InvalidMessage([
        { pointer: '', reason: 'repeated', message: 'a field of the form is there twice: leave one out' },
      ]);
    names.add(name);
  }
  const form = Object.fromEntries(fields);
  assertPlainJson(form);
  return form;
}
