import { applyDecorators, HttpCode, type Type } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse } from '@nestjs/swagger';

import { AnswersProblems, headers } from '#platform/http/answers.js';
import { wireExample, wireRef } from '#platform/http/schemas.js';

export interface RouteDocument {
  readonly summary: string;
  readonly description?: string;
  readonly body?: Type;
  /** 200 with it; 204 without one. */
  readonly view?: Type;
  readonly problems: readonly number[];
}

/** Documents a route that neither sends a command nor reads a resource: it acts, and answers by itself. */
export function Acts({ summary, description, body, view, problems }: RouteDocument): MethodDecorator {
  const example = body && wireExample(body);
  const status = view ? 200 : 204;
  return applyDecorators(
    HttpCode(status),
    ApiOperation({ summary, description }),
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
      status,
      description: view ? summary : 'Done: there is nothing to read.',
      headers: headers(),
      ...(view && { content: { 'application/json': { schema: wireRef(view) } } }),
    }),
    AnswersProblems(...problems),
  );
}
