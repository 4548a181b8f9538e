import { applyDecorators, Controller, Get, Res, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { Public, Uncounted } from '../auth/access-policy.js';
import { healthAnswer, HealthProbe, type HealthPath } from '../observability/health.js';
import { release } from '../release.js';
import { headers, problems } from './answers.js';
import { schemaRef, type SchemaObject } from './schemas.js';

const stateSchema = schemaRef('ServiceHealth', {
  type: 'object',
  additionalProperties: false,
  required: ['status'],
  properties: {
    status: { type: 'string', enum: ['healthy', 'degraded', 'unhealthy'] },
    detail: { type: 'string' },
  },
});

const servicesSchema: SchemaObject = {
  type: 'object',
  additionalProperties: false,
  required: ['database', 'message_bus', 'worker'],
  properties: { database: stateSchema, message_bus: stateSchema, worker: stateSchema },
};

const readinessSchema = schemaRef('Readiness', {
  type: 'object',
  additionalProperties: false,
  required: ['status', 'services'],
  properties: { status: { type: 'string', enum: ['ready', 'not_ready'] }, services: servicesSchema },
});

const healthSchema = schemaRef('Health', {
  type: 'object',
  additionalProperties: false,
  required: ['status', 'timestamp', 'version', 'services'],
  properties: {
    status: { type: 'string', enum: ['healthy', 'degraded', 'unhealthy'] },
    timestamp: { type: 'string', format: 'date-time' },
    version: { type: 'string' },
    services: servicesSchema,
  },
});

/** Documents a route that answers 200, or 503 when what was asked for is not well. */
export const AnswersHealth = (summary: string, schema: SchemaObject): MethodDecorator =>
  applyDecorators(
    ApiOperation({ summary }),
    ...[200, 503].map((status) =>
      ApiResponse({
        status,
        description: status === 200 ? 'Well enough.' : 'Not well; `detail` says what to do.',
        headers: headers(),
        content: { 'application/json': { schema } },
      }),
    ),
    ...problems(400),
  );

@ApiTags('health')
@Public()
@Uncounted()
@Controller({ path: 'health', version: VERSION_NEUTRAL })
export class HealthController {
  constructor(private readonly probe: HealthProbe) {}

  @Get()
  @AnswersHealth('Healthy, degraded or unhealthy, service by service', healthSchema)
  overall(@Res() reply: FastifyReply): Promise<void> {
    return this.#answer('', reply);
  }

  @Get('live')
  @AnswersHealth('The process runs', stateSchema)
  live(@Res() reply: FastifyReply): Promise<void> {
    return this.#answer('/live', reply);
  }

  @Get('ready')
  @AnswersHealth('The process may be given requests', readinessSchema)
  ready(@Res() reply: FastifyReply): Promise<void> {
    return this.#answer('/ready', reply);
  }

  @Get('db')
  @AnswersHealth('Postgres answers', stateSchema)
  database(@Res() reply: FastifyReply): Promise<void> {
    return this.#answer('/db', reply);
  }

  @Get('events')
  @AnswersHealth('RabbitMQ is connected', stateSchema)
  messageBus(@Res() reply: FastifyReply): Promise<void> {
    return this.#answer('/events', reply);
  }

  async #answer(path: HealthPath, reply: FastifyReply): Promise<void> {
    const { status, body } = await healthAnswer(this.probe, path, release);
    await reply.status(status).send(body);
  }
}
