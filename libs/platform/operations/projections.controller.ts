import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';

import type { Wire } from '#kernel';

import { Roles } from '../auth/access-policy.js';
import type { Paged } from '../http/page.js';
import { Lists, Reads } from '../http/reads.decorator.js';
import { done, operator } from './problems.js';
import { ProjectionActions } from './projection-actions.js';
import { ProjectionNamePipe } from './projection-name.pipe.js';
import { ProjectionPage, ProjectionQueries, ProjectionView } from './projections.queries.js';
import { Acts, OptionalReason } from './requests.js';

const what = (name: string): string => `projection ${name}`;

@ApiTags('operations')
@ApiBearerAuth()
@Roles('admin')
@Controller('ops/projections')
export class ProjectionsController {
  constructor(
    private readonly queries: ProjectionQueries,
    private readonly projections: ProjectionActions,
  ) {}

  @Get()
  @Lists(ProjectionView, ProjectionPage, { summary: 'Read models: how late they are, and what is being made anew' })
  list(@Query() page: ProjectionPage): Promise<Paged<Wire<ProjectionView>>> {
    return this.queries.list(page);
  }

  @Get(':name')
  @Reads(ProjectionView, { summary: 'One read model, by its name', phase: phaseOf })
  one(@Param('name', ProjectionNamePipe) name: string): Promise<Wire<ProjectionView>> {
    return this.queries.byName(name);
  }

  @Post(':name/rebuild')
  @HttpCode(200)
  @Acts(
    OptionalReason,
    'Have the rows of a read model made anew from the log',
    'A worker of its context does it beside the rows that are shown meanwhile, and then exchanges the two. One that is under way begins again.',
    ProjectionView,
  )
  async rebuild(
    @Param('name', ProjectionNamePipe) name: string,
    @Body() { reason }: OptionalReason,
  ): Promise<Wire<ProjectionView>> {
    await done(what(name), this.projections.rebuild(name, operator(reason)));
    return this.queries.byName(name);
  }

  @Post(':name/resume')
  @HttpCode(200)
  @Acts(
    OptionalReason,
    'Have a read model that has stopped go on',
    'It tries the event again that it could not show.',
    ProjectionView,
  )
  async resume(
    @Param('name', ProjectionNamePipe) name: string,
    @Body() { reason }: OptionalReason,
  ): Promise<Wire<ProjectionView>> {
    await done(what(name), this.projections.resume(name, operator(reason)));
    return this.queries.byName(name);
  }
}

/** Progress and lateness change without a new version of the fold. */
function phaseOf({ state, events_done: read, lag }: Wire<ProjectionView>): string {
  return [state, read, Math.round(lag ?? 0)].join('_');
}
