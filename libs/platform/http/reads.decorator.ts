import { applyDecorators, SetMetadata, type Type } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiHeader, ApiOperation, ApiQuery, ApiResponse } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';

import { declaredFields } from '#kernel';

import { commonHeaders, headers, problems } from './answers.js';
import { csvType, type Csv } from './csv.js';
import { pageSchema, wireRef, wireSchema, type SchemaObject } from './schemas.js';

export const READS = 'contextflow:reads';
export const FOLLOWS = 'contextflow:follows';

export type ReadsRoute = Pick<ReadsOptions, 'phase' | 'csv'>;

export interface ReadsOptions {
  readonly summary: string;
  readonly description?: string;
  /** The class of the query parameters. */
  readonly query?: Type;
  /** Names the phase that the view is in, if time alone changes what it shows: part of its entity tag. */
  readonly phase?: (view: never) => string | undefined;
  /** Names of the asynchronous projections that it reads: with a `Consistency-Token` it waits for them. */
  readonly follows?: readonly string[];
  /** It answers with comma-separated values, too, if `Accept` says so. */
  readonly csv?: Csv;
}

/** The route reads one thing. If its view has a `version`, that is its `ETag`, and `If-None-Match` is heeded. */
export function Reads(view: Type, { summary, description, query, phase, follows, csv }: ReadsOptions): MethodDecorator {
  const versioned = declaredFields(view).some(({ wireName }) => wireName === 'version');
  return applyDecorators(
    SetMetadata(READS, { phase, csv } satisfies ReadsRoute),
    ...(csv ? [RouteConfig({ csv: true } satisfies Config)] : []),
    ApiOperation({ summary, description }),
    commonHeaders(),
    ...following(follows),
    ...(query ? queryParameters(query) : []),
    ...(versioned
      ? [
          ApiHeader({
            name: 'If-None-Match',
            required: false,
            description: 'ETags that you have: if one is still the present version, the answer is 304 without a body',
            schema: { type: 'string' },
          }),
          ApiResponse({ status: 304, description: 'You have the present version.', headers: headers('ETag') }),
        ]
      : []),
    ApiResponse({
      status: 200,
      description: summary,
      headers: headers(...(versioned ? (['ETag'] as const) : []), ...(follows ? (['Consistency'] as const) : [])),
      content: {
        'application/json': { schema: wireRef(view) },
        ...(csv && { [csvType]: { schema: { type: 'string' }, example: `${csv.columns.join(',')}\r\n` } }),
      },
    }),
    ...problems(400, 401, 403, 404, 406, 429, 503),
  );
}

interface Config {
  readonly csv?: true;
}

/** Whether the request is for a route that has CSV, too. */
export const hasCsv = ({ routeOptions }: Pick<FastifyRequest, 'routeOptions'>): boolean =>
  (routeOptions.config as Config | undefined)?.csv === true;

/** The route reads a list, page by page. */
export function Lists(
  item: Type,
  query: Type,
  { summary, description, follows }: Pick<ReadsOptions, 'summary' | 'description' | 'follows'>,
): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary, description }),
    commonHeaders(),
    ...following(follows),
    ...queryParameters(query),
    ApiResponse({
      status: 200,
      description: 'One page. Go on with `next_cursor` until it is null.',
      headers: headers(...(follows ? (['Consistency'] as const) : [])),
      content: { 'application/json': { schema: pageSchema(item) } },
    }),
    ...problems(400, 401, 403, 404, 406, 429, 503),
  );
}

/** What the route reads follows the log, and may be a moment late. */
const following = (projections: readonly string[] | undefined): MethodDecorator[] =>
  projections
    ? [
        SetMetadata(FOLLOWS, projections),
        ApiHeader({
          name: 'Consistency-Token',
          required: false,
          description:
            'the `position` of a settled command: the answer waits, for at most 2 seconds, until it shows what that did',
          schema: { type: 'string' },
        }),
      ]
    : [];

function queryParameters(query: Type): MethodDecorator[] {
  const { properties = {} } = wireSchema(query);
  return declaredFields(query).map(({ wireName, optional, example }) =>
    ApiQuery({
      name: wireName,
      required: !optional,
      schema: properties[wireName] as SchemaObject,
      ...(example !== undefined && { example }),
    }),
  );
}
