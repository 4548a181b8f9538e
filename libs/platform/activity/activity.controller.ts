import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';

import type { Wire } from '#kernel';

import { Roles } from '../auth/access-policy.js';
import type { Paged } from '../http/page.js';
import { Lists } from '../http/reads.decorator.js';
import { ActivityPage, ActivityQueries, ActivityView } from './activity.queries.js';

@ApiTags('operations')
@ApiBearerAuth()
@Roles('admin')
@Controller('activity')
export class ActivityController {
  constructor(private readonly queries: ActivityQueries) {}

  @Get()
  @Lists(ActivityView, ActivityPage, {
    summary: 'What has happened in all contexts, the last first',
    description:
      'Public events without what they say: ids, type, actor and time. It follows the log, and may be a moment late: see `Consistency-Token`.',
    follows: ['platform.activity'],
  })
  list(@Query() page: ActivityPage): Promise<Paged<Wire<ActivityView>>> {
    return this.queries.list(page);
  }
}
