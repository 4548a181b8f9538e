import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';

import { problemSchema } from './schemas.js';

/** When a route gives an answer of that status. */
const meanings: Readonly<Record<number, string>> = {
  400: 'The request is malformed, breaks a limit (`VALIDATION_ERROR`), or breaks a rule of the domain in its present state (`RULE_VIOLATION`); nothing has changed.',
  401: 'There is no access token, or it is not valid (any more).',
  403: 'The access token lacks a role that this needs.',
  404: 'There is no such thing, or you may not know of it.',
  406: 'Answers are JSON: `Accept` must allow `application/json`.',
  409: 'It exists already, or something else stands against it.',
  410: 'It was there so long ago that nothing is known of it any more.',
  412: '`If-Match` names another version than the present one; nothing has changed.',
  413: 'The body is longer than 256 KiB, or 1 MiB where it is a list of items.',
  415: 'The body must be `application/json` in UTF-8.',
  422: 'The `Idempotency-Key` has been used with another request.',
  429: 'You have sent too many requests, or too many commands wait before this: go on after `Retry-After` seconds. For a command: with the same `Idempotency-Key`, if it had one.',
  503: 'A server that this needs cannot be reached at present: try again after `Retry-After` seconds. For a command: with the same `Idempotency-Key`, if it had one.',
};

const text = { type: 'string' } as const;

export const headerSchemas = {
  'X-Correlation-Id': { description: 'Your own, or a new one; logs and messages carry it', schema: text },
  'Command-Id': {
    description: 'Id of the command that this request became',
    schema: { type: 'string', format: 'uuid' },
  },
  Consistency: {
    description: '`stale`: what the `Consistency-Token` names is not shown yet',
    schema: text,
  },
  'Consistency-Token': {
    description: 'Where the command stands in the log: queries that are sent with it show what it did',
    schema: text,
  },
  Location: { description: 'Where to find what became of it', schema: text },
  ETag: { description: 'Version of the resource, for If-Match and If-None-Match', schema: text },
  'Preference-Applied': { description: 'Which of the preferences was honoured (RFC 7240)', schema: text },
  'Retry-After': { description: 'Seconds to wait before another try', schema: { type: 'integer' } },
  'WWW-Authenticate': { description: 'How to authenticate (RFC 6750)', schema: text },
} as const;

export type HeaderName = keyof typeof headerSchemas;

export const headers = (...names: HeaderName[]): Record<string, (typeof headerSchemas)[HeaderName]> =>
  Object.fromEntries(['X-Correlation-Id' as const, ...names].map((name) => [name, headerSchemas[name]]));

/** Documents the problem answers of a route. */
export const problems = (...statuses: number[]): MethodDecorator[] => statuses.map((status) => problem(status));

/** Documents the problem answers of a route that sends a command. Once there is a command, they carry its id. */
export const problemsOfCommands = (...statuses: number[]): MethodDecorator[] =>
  statuses.map((status) => problem(status, 'Command-Id', 'Location', 'Preference-Applied'));

const problem = (status: number, ...more: HeaderName[]): MethodDecorator =>
  ApiResponse({
    status,
    description: meanings[status] ?? 'A problem.',
    headers: headers(
      ...more,
      ...(status === 401 ? (['WWW-Authenticate'] as const) : []),
      ...(status === 429 || status === 503 ? (['Retry-After'] as const) : []),
    ),
    content: { 'application/problem+json': { schema: problemSchema } },
  });

/** Documents the request headers that every route understands. */
export const commonHeaders = (): MethodDecorator =>
  ApiHeader({
    name: 'X-Correlation-Id',
    required: false,
    description: 'Up to 128 printable ASCII characters that the answer, the logs and the messages are to carry',
    schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,128}$' },
  });

/** Documents what every route understands and the problems that it answers, for routes that neither send, read nor list. */
export const AnswersProblems = (...statuses: number[]): MethodDecorator =>
  applyDecorators(commonHeaders(), ...problems(...statuses));
