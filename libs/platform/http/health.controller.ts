import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { Public } from '../auth/access.guard.js';
import { healthAnswer, HealthProbe, type HealthPath } from '../observability/health.js';
import { release } from '../release.js';

@ApiTags('health')
@Public()
@Controller('health')
export class HealthController {
  constructor(private readonly probe: HealthProbe) {}

  @Get()
  @ApiOperation({ summary: 'Healthy, degraded or unhealthy, service by service' })
  overall(@Res() reply: FastifyReply): Promise<void> {
    return this.#answer('', reply);
  }

  @Get('live')
  @ApiOperation({ summary: 'The process runs' })
  live(@Res() reply: FastifyReply): Promise<void> {
    return this.#answer('/live', reply);
  }

  @Get('ready')
  @ApiOperation({ summary: 'The process may be given requests' })
  ready(@Res() reply: FastifyReply): Promise<void> {
    return this.#answer('/ready', reply);
  }

  @Get('db')
  @ApiOperation({ summary: 'Postgres answers' })
  database(@Res() reply: FastifyReply): Promise<void> {
    return this.#answer('/db', reply);
  }

  @Get('events')
  @ApiOperation({ summary: 'RabbitMQ is connected' })
  messageBus(@Res() reply: FastifyReply): Promise<void> {
    return this.#answer('/events', reply);
  }

  async #answer(path: HealthPath, reply: FastifyReply): Promise<void> {
    const { status, body } = await healthAnswer(this.probe, path, release);
    await reply.status(status).send(body);
  }
}
