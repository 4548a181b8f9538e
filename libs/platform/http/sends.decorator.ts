import { applyDecorators, createParamDecorator, HttpCode, SetMetadata, type Type } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiResponse } from '@nestjs/swagger';

import { commandType, derivedId } from '#kernel';

import type { AuthenticatedUser } from '../auth/authenticated-user.js';
import { commonHeaders, headers, problems, problemsOfCommands } from './answers.js';
import { requestScope } from './request-scope.js';
import type { Resource } from './resource.js';
import { acceptedSchema, wireExample, wireRef } from './schemas.js';

export const SENDS = 'contextflow:sends';

export interface SendsOptions {
  readonly summary: string;
  readonly description?: string;
  /** The class of the body, picked from the command. */
  readonly body?: Type;
  /** Who reads the resource that the command is for, when its sender waits for the outcome. */
  readonly reads?: Resource;
  /** Success leaves nothing to read: 204. */
  readonly deletes?: boolean;
  /** Seconds that the route waits for the outcome unless its sender prefers otherwise. */
  readonly waits?: number;
}

export interface SendsRoute extends SendsOptions {
  /** Wire name of the command. */
  readonly command: string;
}

/**
 * The route sends that command. It answers 202 with the command's id and `Location`; with `Prefer: wait`, what became of
 * it. It heeds `Idempotency-Key`, `If-Match` and `Command-Deadline`.
 */
export function Sends(command: Type, options: SendsOptions): MethodDecorator {
  const { name } = commandType(command);
  const { summary, description, body, reads, deletes } = options;
  const example = body && wireExample(body);
  const view = reads && {
    headers: headers('Command-Id', 'Consistency-Token', 'Location', 'ETag', 'Preference-Applied'),
    content: { 'application/json': { schema: wireRef(reads.view) } },
  };
  return applyDecorators(
    HttpCode(202),
    SetMetadata(SENDS, { ...options, command: name } satisfies SendsRoute),
    ApiOperation({ summary, description }),
    commonHeaders(),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description: 'The same key with the same request gives the same command again, however often it is sent',
      schema: { type: 'string', minLength: 1, maxLength: 255 },
    }),
    ApiHeader({
      name: 'Prefer',
      required: false,
      description: '`wait=<seconds>` (at most 30) to be told what became of it, `respond-async` not to wait',
      schema: { type: 'string' },
    }),
    ApiHeader({
      name: 'If-Match',
      required: false,
      description: 'The ETag of the version that the command was decided on',
      schema: { type: 'string' },
    }),
    ApiHeader({
      name: 'Command-Deadline',
      required: false,
      description: 'A command that is not started by then is rejected as `deadline_exceeded`',
      schema: { type: 'string', format: 'date-time' },
    }),
    ...(body
      ? [
          ApiBody({
            schema: wireRef(body),
            required: true,
            ...(example && { examples: { example: { value: example } } }),
          }),
        ]
      : []),
    ApiResponse({
      status: 202,
      description: `\`${name}\` was accepted: it will be applied exactly once. \`Location\` tells what becomes of it.`,
      headers: headers('Command-Id', 'Location', 'Preference-Applied'),
      content: { 'application/json': { schema: acceptedSchema } },
    }),
    ...(view
      ? [
          ApiResponse({ status: 200, description: 'Waited for, and done: the resource as it is now.', ...view }),
          ApiResponse({ status: 201, description: 'Waited for, and done: the resource that it made.', ...view }),
        ]
      : []),
    ...(deletes
      ? [
          ApiResponse({
            status: 204,
            description: 'Waited for, and done: it is gone.',
            headers: headers('Command-Id', 'Location', 'Preference-Applied'),
          }),
        ]
      : []),
    ...problemsOfCommands(400, 403, 404, 409, 412, 422, 429, 503),
    ...problems(401, 406, 413, 415),
  );
}

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
