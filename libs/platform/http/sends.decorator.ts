import { applyDecorators, createParamDecorator, HttpCode, SetMetadata, type Type } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiHeader, ApiResponse } from '@nestjs/swagger';

import { commandType, derivedId } from '#kernel';

import type { AuthenticatedUser } from '../auth/authenticated-user.js';
import { requestScope } from './request-scope.js';
import { acceptedSchema, problemSchema, wireSchema } from './schemas.js';

export const SENDS = 'contextflow:sends';

/** The route sends that command: it answers 202 with the command's id and `Location`, and heeds `Idempotency-Key`. */
export function Sends(command: Type, options: { body?: Type } = {}): MethodDecorator {
  const { name } = commandType(command);
  return applyDecorators(
    SetMetadata(SENDS, name),
    HttpCode(202),
    ApiBearerAuth(),
    ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key again gives the same command' }),
    ...(options.body ? [ApiBody({ schema: wireSchema(options.body) })] : []),
    ApiResponse({ status: 202, description: `${name} was accepted`, schema: acceptedSchema }),
    ...problems(400, 401, 503),
  );
}

/** Documents the problem answers of a route. */
export const problems = (...statuses: number[]): MethodDecorator[] =>
  statuses.map((status) => ApiResponse({ status, content: { 'application/problem+json': { schema: problemSchema } } }));

/** The author of the request. Taken from the token, so a body cannot forge it. */
export const Me = createParamDecorator((): AuthenticatedUser => {
  const { user } = requestScope();
  if (!user) throw new Error('a public route has no author');
  return user;
});

/** The id of the aggregate that the request's command makes: always the same for the same command. */
export const NewId = createParamDecorator((field: string): string => {
  const { command } = requestScope();
  if (!command) throw new Error('@NewId needs @Sends on its route');
  return derivedId(command.id, field);
});
