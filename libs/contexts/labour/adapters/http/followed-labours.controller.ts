import { Body, Controller, Delete, Get, Param, Patch, Post, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';

import type { Wire } from '#kernel';
import { Authenticated } from '#platform/auth/access-policy.js';
import type { AuthenticatedUser } from '#platform/auth/authenticated-user.js';
import { Commands } from '#platform/commands/commands.js';
import { Reads } from '#platform/http/reads.decorator.js';
import { Me, NewId, Sends } from '#platform/http/sends.decorator.js';
import { UuidPipe } from '#platform/http/uuid.pipe.js';

import {
  DeleteContraction,
  DeleteLabourUpdate,
  EditLabourUpdate,
  EndContraction,
  PostLabourUpdate,
  StartContraction,
  UpdateContraction,
} from '../../contract/index.js';
import { LabourSummary, LabourView } from '../../read-models/labour-views.js';
import { LabourQueries } from '../../read-models/labour.queries.js';
import { changes } from './changes.js';
import {
  activeOr404,
  advised,
  ContractionChanges,
  ContractionEnd,
  LabourUpdateChanges,
  NewContraction,
  NewLabourUpdate,
  routes,
} from './labour-resource.js';

/** Somebody else's: read by those who follow, and written by birth partners. */
@ApiTags('followed-labours')
@ApiBearerAuth()
@Authenticated()
@Controller('birthing-persons/:birthing_person_id/labours/active')
export class FollowedLaboursController {
  constructor(
    private readonly commands: Commands,
    private readonly labours: LabourQueries,
  ) {}

  @Get()
  @Reads(LabourView, { phase: advised, summary: 'The labour of one whom you follow' })
  async active(
    @Param('birthing_person_id', UuidPipe) birthingPersonId: string,
    @Me() me: AuthenticatedUser,
  ): Promise<Wire<LabourView>> {
    return activeOr404(await this.labours.active(birthingPersonId, me));
  }

  @Get('summary')
  @Reads(LabourSummary, { summary: 'The labour of one whom you follow in short' })
  async summary(
    @Param('birthing_person_id', UuidPipe) birthingPersonId: string,
    @Me() me: AuthenticatedUser,
  ): Promise<Wire<LabourSummary>> {
    return activeOr404(await this.labours.summary(birthingPersonId, me));
  }

  @Post('contractions')
  @Sends(StartContraction, routes.start)
  start(
    @Param('birthing_person_id', UuidPipe) birthingPersonId: string,
    @Body() { contractionId, ...body }: NewContraction,
    @Me() me: AuthenticatedUser,
    @NewId('contractionId') newId: string,
  ) {
    return this.commands.send(
      new StartContraction({ ...body, contractionId: contractionId ?? newId, birthingPersonId, userId: me.id }),
    );
  }

  @Put('contractions/end')
  @Sends(EndContraction, routes.end)
  end(
    @Param('birthing_person_id', UuidPipe) birthingPersonId: string,
    @Body() body: ContractionEnd,
    @Me() me: AuthenticatedUser,
  ) {
    return this.commands.send(new EndContraction({ ...body, birthingPersonId, userId: me.id }));
  }

  @Patch('contractions/:contraction_id')
  @Sends(UpdateContraction, routes.change)
  change(
    @Param('birthing_person_id', UuidPipe) birthingPersonId: string,
    @Param('contraction_id', UuidPipe) contractionId: string,
    @Body() body: ContractionChanges,
    @Me() me: AuthenticatedUser,
  ) {
    return this.commands.send(
      new UpdateContraction({ ...changes(body), contractionId, birthingPersonId, userId: me.id }),
    );
  }

  @Delete('contractions/:contraction_id')
  @Sends(DeleteContraction, routes.remove)
  remove(
    @Param('birthing_person_id', UuidPipe) birthingPersonId: string,
    @Param('contraction_id', UuidPipe) contractionId: string,
    @Me() me: AuthenticatedUser,
  ) {
    return this.commands.send(new DeleteContraction({ contractionId, birthingPersonId, userId: me.id }));
  }

  @Post('updates')
  @Sends(PostLabourUpdate, routes.post)
  post(
    @Param('birthing_person_id', UuidPipe) birthingPersonId: string,
    @Body() body: NewLabourUpdate,
    @Me() me: AuthenticatedUser,
    @NewId('labourUpdateId') labourUpdateId: string,
  ) {
    return this.commands.send(new PostLabourUpdate({ ...body, labourUpdateId, birthingPersonId, userId: me.id }));
  }

  @Patch('updates/:labour_update_id')
  @Sends(EditLabourUpdate, routes.edit)
  edit(
    @Param('birthing_person_id', UuidPipe) birthingPersonId: string,
    @Param('labour_update_id', UuidPipe) labourUpdateId: string,
    @Body() body: LabourUpdateChanges,
    @Me() me: AuthenticatedUser,
  ) {
    return this.commands.send(
      new EditLabourUpdate({ ...changes(body), labourUpdateId, birthingPersonId, userId: me.id }),
    );
  }

  @Delete('updates/:labour_update_id')
  @Sends(DeleteLabourUpdate, routes.retract)
  retract(
    @Param('birthing_person_id', UuidPipe) birthingPersonId: string,
    @Param('labour_update_id', UuidPipe) labourUpdateId: string,
    @Me() me: AuthenticatedUser,
  ) {
    return this.commands.send(new DeleteLabourUpdate({ labourUpdateId, birthingPersonId, userId: me.id }));
  }
}
