import { applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';

import { AnswersProblems, headers } from './answers.js';
import type { ReadsOptions } from './reads.decorator.js';

export const eventStream = 'text/event-stream';

interface Config {
  readonly streams?: true;
}

/** The route answers with server-sent events, for as long as its client listens. */
export function Streams({
  summary,
  description,
  example,
}: Pick<ReadsOptions, 'summary' | 'description'> & { readonly example: string }): MethodDecorator {
  return applyDecorators(
    RouteConfig({ streams: true } satisfies Config),
    ApiOperation({ summary, description }),
    ApiResponse({
      status: 200,
      description: 'Events as they happen. The answer has no end of its own.',
      headers: headers(),
      content: { [eventStream]: { schema: { type: 'string' }, example } },
    }),
    AnswersProblems(401, 406, 429, 503),
  );
}

/** Whether the request is for such a route. */
export const streams = ({ routeOptions }: Pick<FastifyRequest, 'routeOptions'>): boolean =>
  (routeOptions.config as Config | undefined)?.streams === true;
