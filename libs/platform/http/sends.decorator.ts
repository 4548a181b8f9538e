import { applyDecorators, createParamDecorator, HttpCode, SetMetadata, type Type } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBody, ApiHeader, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { RouteOptions } from 'fastify';

import { commandType, derivedId } from '#kernel';

import type { AuthenticatedUser } from '../auth/authenticated-user.js';
import type { Accepted } from '../commands/commands.js';
import { commonHeaders, headers, problems, problemsOfCommands } from './answers.js';
import { requestScope } from './request-scope.js';
import type { Resource } from './resource.js';
import {
  acceptedSchema,
  schemaRef,
  sentItemsSchema,
  wireExample,
  wireRef,
  wireSchema,
  type SchemaObject,
} from './schemas.js';

export const SENDS = 'contextflow:sends';

interface Config {
  readonly list?: boolean;
}

export interface SendsOptions {
  readonly summary: string;
  readonly description?: string;
  /** The class of the body, picked from the command. */
  readonly body?: Type;
  /** Who reads the resource that the command is for, when its sender waits for the outcome. */
  readonly reads?: Resource;
  /** Success leaves nothing to read: 204. */
  readonly deletes?: boolean;
  /** What success is answered with where nothing is to be read for it, `201`. */
  readonly answers?: MadeAnswer;
  /** Seconds that the route waits for the outcome unless its sender prefers otherwise. */
  readonly waits?: number;
}

/** An answer that is made of what the API knows of the command itself. */
export interface MadeAnswer {
  readonly view: Type;
  /** @param elapsed milliseconds since the request arrived */
  make(accepted: Accepted, elapsed: number): object;
}

export interface SendsEachOptions {
  readonly summary: string;
  readonly description?: string;
  /** The class of the body: it has a list of items, which it leaves unread. */
  readonly body: Type;
  /** Name of that list, on the wire. */
  readonly list: string;
  /** The class of an item. */
  readonly item: Type;
  /** What the status of an item is called whose command has succeeded. */
  readonly done: string;
  /** What the id of an item's aggregate is called in the answer. */
  readonly id: string;
  /** Seconds that the route waits for the outcomes unless its sender prefers otherwise. */
  readonly waits?: number;
}

export interface SendsRoute extends Pick<SendsOptions, 'body' | 'reads' | 'deletes' | 'answers' | 'waits'> {
  /** Wire name of the command. */
  readonly command: string;
  /** The route sends one for each item of a list. */
  readonly each?: Pick<SendsEachOptions, 'done' | 'id'>;
}

/**
 * The route sends that command. It answers 202 with the command's id and `Location`; with `Prefer: wait`, what became of
 * it. It heeds `Idempotency-Key`, `If-Match` and `Command-Deadline`.
 */
export function Sends(command: Type, options: SendsOptions): MethodDecorator {
  const { name } = commandType(command);
  const { summary, description, body, reads, deletes, answers } = options;
  const view = reads && {
    headers: headers('Command-Id', 'Consistency-Token', 'Location', 'ETag', 'Preference-Applied'),
    content: { 'application/json': { schema: wireRef(reads.view) } },
  };
  return applyDecorators(
    HttpCode(202),
    SetMetadata(SENDS, { ...options, command: name } satisfies SendsRoute),
    ApiOperation({ summary, description }),
    commonHeaders(),
    ...requestHeaders(),
    header('If-Match', 'The ETag of the version that the command was decided on', { type: 'string' }),
    ...(body ? [documentedBody(body, wireRef(body))] : []),
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
    ...(answers
      ? [
          ApiResponse({
            status: 201,
            description: 'Waited for, and done.',
            headers: headers('Command-Id', 'Consistency-Token', 'Location', 'Preference-Applied'),
            content: { 'application/json': { schema: wireRef(answers.view) } },
          }),
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

/**
 * The route sends a command of that type for each item of a list in its body (`Commands.sendEach`). It answers with what
 * came of each: 200 once all are settled, 202 while some are not. It heeds `Idempotency-Key`, for all of them together,
 * and `Command-Deadline`. A list has no version: `If-Match` is refused. Its body may be longer than others.
 */
export function SendsEach(command: Type, options: SendsEachOptions): MethodDecorator {
  const { name } = commandType(command);
  const { summary, description, body, list, item, done, id } = options;
  const whole = wireSchema(body);
  const items = { ...(whole.properties?.[list] as SchemaObject), items: wireRef(item) };
  const answer = {
    headers: headers('Consistency-Token', 'Preference-Applied'),
    content: { 'application/json': { schema: sentItemsSchema(done, id) } },
  };
  return applyDecorators(
    HttpCode(202),
    SetMetadata(SENDS, { ...options, command: name, each: { done, id } } satisfies SendsRoute),
    RouteConfig({ list: true } satisfies Config),
    ApiOperation({ summary, description }),
    commonHeaders(),
    ...requestHeaders(),
    documentedBody(body, schemaRef(body.name, { ...whole, properties: { ...whole.properties, [list]: items } })),
    ApiResponse({ status: 200, description: 'What became of each: all are settled.', ...answer }),
    ApiResponse({
      status: 202,
      description: `What is known of each. Those that were accepted are settled later: ask by their \`command_id\`.`,
      ...answer,
    }),
    ...problems(400, 401, 403, 406, 413, 415, 422, 429, 503),
  );
}

/** Whether the route takes a list of items, each of which becomes a command. */
export const takesList = ({ config }: RouteOptions): boolean => {
  const { list }: Config = config ?? {};
  return list === true;
};

const header = (name: string, description: string, schema: SchemaObject): MethodDecorator =>
  ApiHeader({ name, required: false, description, schema });

/** Documents what every request that sends commands may say. */
const requestHeaders = (): MethodDecorator[] => [
  header(
    'Idempotency-Key',
    'The same key with the same request gives the same command again, however often it is sent',
    { type: 'string', minLength: 1, maxLength: 255 },
  ),
  header('Prefer', '`wait=<seconds>` (at most 30) to be told what became of it, `respond-async` not to wait', {
    type: 'string',
  }),
  header('Command-Deadline', 'A command that is not started by then is rejected as `deadline_exceeded`', {
    type: 'string',
    format: 'date-time',
  }),
];

function documentedBody(body: Type, schema: SchemaObject): MethodDecorator {
  const example = wireExample(body);
  return ApiBody({ schema, required: true, ...(example && { examples: { example: { value: example } } }) });
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
