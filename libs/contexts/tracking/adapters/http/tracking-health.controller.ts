import { Controller, Get, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { Public, Uncounted } from '#platform/auth/access-policy.js';
import { AnswersHealth } from '#platform/http/health.controller.js';
import { wireRef } from '#platform/http/schemas.js';
import { healthAnswer, HealthProbe } from '#platform/observability/health.js';
import { release } from '#platform/release.js';

import { TrackingHealth } from '../../read-models/tracking-views.js';

@ApiTags('tracking')
@Public()
@Uncounted()
@Controller('tracking/health')
export class TrackingHealthController {
  constructor(private readonly probe: HealthProbe) {}

  @Get()
  @AnswersHealth('Whether interactions are taken and shown', wireRef(TrackingHealth))
  async overall(@Res() reply: FastifyReply): Promise<void> {
    const { status, body } = await healthAnswer(this.probe, '', release);
    await reply.status(status).send({ status: body.status, service: 'tracking', version: release });
  }
}
