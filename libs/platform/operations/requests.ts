import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { Length } from 'class-validator';

import { Example, Message, Optional, Trimmed, type Class } from '#kernel';

import { AnswersProblems, headers } from '../http/answers.js';
import { wireRef } from '../http/schemas.js';

/** Why an operator does it, where he may say so. */
export class OptionalReason extends Message<OptionalReason> {
  @Optional() @Trimmed() @Length(1, 500) @Example('the mail server is back') readonly reason?: string;
}

/** Why an operator does it. */
export class Reason extends Message<Reason> {
  @Trimmed() @Length(1, 500) @Example('sent by mistake') readonly reason!: string;
}

/** Documents an operator's action on one thing. Without an answer it is 204. */
export const Acts = (body: Class<object>, summary: string, description: string, answer?: Class<object>) =>
  applyDecorators(
    ApiOperation({ summary, description }),
    ApiBody({ schema: wireRef(body as never), required: body !== (OptionalReason as Class<object>) }),
    ApiResponse({
      status: answer ? 200 : 204,
      description: summary,
      headers: headers(),
      ...(answer && { content: { 'application/json': { schema: wireRef(answer as never) } } }),
    }),
    AnswersProblems(400, 401, 403, 404, 406, 409, 412, 413, 415, 503),
  );

/** Documents that the action can be bound to the version that the operator has seen. */
export const HeedsVersion = (): MethodDecorator =>
  ApiHeader({
    name: 'If-Match',
    required: false,
    description: 'the ETag that you have seen: if another operator has acted since, the answer is 412',
    schema: { type: 'string' },
  });
