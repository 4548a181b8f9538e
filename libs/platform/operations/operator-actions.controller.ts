import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';

import type { Wire } from '#kernel';

import { Roles } from '../auth/access-policy.js';
import type { Paged } from '../http/page.js';
import { Lists } from '../http/reads.decorator.js';
import { OperatorActionPage, OperatorActionQueries, OperatorActionView } from './operator-actions.queries.js';

@ApiTags('operations')
@ApiBearerAuth()
@Roles('admin')
@Controller('ops/actions')
export class OperatorActionsController {
  constructor(private readonly queries: OperatorActionQueries) {}

  @Get()
  @Lists(OperatorActionView, OperatorActionPage, { summary: 'What operators did, the last thing first' })
  list(@Query() page: OperatorActionPage): Promise<Paged<Wire<OperatorActionView>>> {
    return this.queries.list(page);
  }
}
