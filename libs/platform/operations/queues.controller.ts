import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';

import type { Wire } from '#kernel';

import { Roles } from '../auth/access-policy.js';
import { AnswersProblems, headers } from '../http/answers.js';
import { wireRef, wireSchema, type SchemaObject } from '../http/schemas.js';
import { QueueFilter, QueueQueries, QueueView } from './queues.queries.js';

const { properties: filters = {} } = wireSchema(QueueFilter);

@ApiTags('operations')
@ApiBearerAuth()
@Roles('admin')
@Controller('ops/queues')
export class QueuesController {
  constructor(private readonly queries: QueueQueries) {}

  @Get()
  @ApiOperation({ summary: 'The partitions of all contexts, in their order' })
  @ApiQuery({ name: 'context', required: false, schema: filters.context as SchemaObject })
  @ApiQuery({ name: 'state', required: false, schema: filters.state as SchemaObject })
  @ApiResponse({
    status: 200,
    description: 'All that match.',
    headers: headers(),
    content: {
      'application/json': {
        schema: {
          type: 'object',
          additionalProperties: false,
          required: ['items'],
          properties: { items: { type: 'array', items: wireRef(QueueView) } },
        },
      },
    },
  })
  @AnswersProblems(400, 401, 403, 404, 406, 503)
  async list(@Query() filter: QueueFilter): Promise<{ items: readonly Wire<QueueView>[] }> {
    return { items: await this.queries.list(filter) };
  }
}
