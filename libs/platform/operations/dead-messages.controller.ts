import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';

import type { Wire } from '#kernel';

import { Roles } from '../auth/access-policy.js';
import type { Paged } from '../http/page.js';
import { Lists, Reads } from '../http/reads.decorator.js';
import { UuidPipe } from '../http/uuid.pipe.js';
import { DeadMessageActions } from './dead-message-actions.js';
import { DeadMessageDetails, DeadMessagePage, DeadMessageQueries, DeadMessageView } from './dead-messages.queries.js';
import { done, operator } from './problems.js';
import { Acts, Reason } from './requests.js';

@ApiTags('operations')
@ApiBearerAuth()
@Roles('admin')
@Controller('ops/dead-messages')
export class DeadMessagesController {
  constructor(
    private readonly queries: DeadMessageQueries,
    private readonly messages: DeadMessageActions,
  ) {}

  @Get()
  @Lists(DeadMessageView, DeadMessagePage, {
    summary: 'Messages that nobody is known to have sent, the last one first',
  })
  list(@Query() page: DeadMessagePage): Promise<Paged<Wire<DeadMessageView>>> {
    return this.queries.list(page);
  }

  @Get(':id')
  @Reads(DeadMessageDetails, { summary: 'One dead message, byte by byte' })
  one(@Param('id', UuidPipe) id: string): Promise<Wire<DeadMessageDetails>> {
    return this.queries.byId(id);
  }

  @Post(':id/discard')
  @HttpCode(204)
  @Acts(Reason, 'Throw a dead message away', 'No command is touched by it.')
  async discard(@Param('id', UuidPipe) id: string, @Body() { reason }: Reason): Promise<void> {
    await done(`dead message ${id}`, this.messages.discard(id, operator(reason)));
  }
}
