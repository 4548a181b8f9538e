import { Body, Controller, Delete, Get, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { PickType } from '@nestjs/mapped-types';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';

import type { Wire } from '#kernel';
import { Authenticated } from '#platform/auth/access-policy.js';
import type { AuthenticatedUser } from '#platform/auth/authenticated-user.js';
import { Commands } from '#platform/commands/commands.js';
import type { Paged } from '#platform/http/page.js';
import { Lists, Reads } from '#platform/http/reads.decorator.js';
import { Me, NewId, Sends } from '#platform/http/sends.decorator.js';
import { UuidPipe } from '#platform/http/uuid.pipe.js';

import {
  AdvanceLabourPhase,
  BeginLabour,
  CompleteLabour,
  DeleteContraction,
  DeleteLabour,
  DeleteLabourUpdate,
  EditLabourUpdate,
  EndContraction,
  PlanLabour,
  PostLabourUpdate,
  SendLabourInvite,
  StartContraction,
  UpdateContraction,
  UpdateLabourPlan,
} from '../../contract/index.js';
import {
  ContractionView,
  LabourOverview,
  LabourStatistics,
  LabourSummary,
  LabourUpdateView,
  LabourView,
} from '../../read-models/labour-views.js';
import { ContractionPage, LabourPage, LabourQueries, LabourUpdatePage } from '../../read-models/labour.queries.js';
import type { Statistics } from '../../read-models/numbers.js';
import { changes } from './changes.js';
import {
  activeOr404,
  advised,
  ContractionChanges,
  ContractionEnd,
  labour,
  labourNotFound,
  LabourUpdateChanges,
  NewContraction,
  NewLabourUpdate,
  routes,
} from './labour-resource.js';

class LabourPlan extends PickType(PlanLabour, ['firstLabour', 'dueDate', 'labourName']) {}
class LabourBeginning extends PickType(BeginLabour, ['firstLabour', 'startTime', 'notes']) {}
class NewPhase extends PickType(AdvanceLabourPhase, ['phase']) {}
class LabourEnd extends PickType(CompleteLabour, ['endTime', 'notes']) {}
class NewInvite extends PickType(SendLabourInvite, ['email']) {}

/** A birthing person's own. */
@ApiTags('labours')
@ApiBearerAuth()
@Authenticated()
@Controller('labours')
export class LaboursController {
  constructor(
    private readonly commands: Commands,
    private readonly labours: LabourQueries,
  ) {}

  @Post('plan')
  @Sends(PlanLabour, { body: LabourPlan, reads: labour, summary: 'Plan a labour' })
  plan(@Body() body: LabourPlan, @Me() me: AuthenticatedUser, @NewId('labourId') labourId: string) {
    return this.commands.send(new PlanLabour({ ...body, labourId, birthingPersonId: me.id }));
  }

  @Put('plan')
  @Sends(UpdateLabourPlan, { body: LabourPlan, reads: labour, summary: 'Change the whole plan of a labour' })
  updatePlan(@Body() body: LabourPlan, @Me() me: AuthenticatedUser) {
    return this.commands.send(new UpdateLabourPlan({ ...body, birthingPersonId: me.id }));
  }

  @Post('begin')
  @Sends(BeginLabour, {
    body: LabourBeginning,
    reads: labour,
    summary: 'Begin the labour that is planned, or one that was not',
    description: '`first_labour` is needed where none was planned.',
  })
  begin(@Body() body: LabourBeginning, @Me() me: AuthenticatedUser, @NewId('labourId') labourId: string) {
    return this.commands.send(new BeginLabour({ ...body, labourId, birthingPersonId: me.id }));
  }

  @Post('active/contractions')
  @Sends(StartContraction, routes.start)
  start(
    @Body() { contractionId, ...body }: NewContraction,
    @Me() me: AuthenticatedUser,
    @NewId('contractionId') newId: string,
  ) {
    return this.commands.send(
      new StartContraction({ ...body, contractionId: contractionId ?? newId, birthingPersonId: me.id, userId: me.id }),
    );
  }

  @Put('active/contractions/end')
  @Sends(EndContraction, routes.end)
  end(@Body() body: ContractionEnd, @Me() me: AuthenticatedUser) {
    return this.commands.send(new EndContraction({ ...body, birthingPersonId: me.id, userId: me.id }));
  }

  @Patch('active/contractions/:contraction_id')
  @Sends(UpdateContraction, routes.change)
  change(
    @Param('contraction_id', UuidPipe) contractionId: string,
    @Body() body: ContractionChanges,
    @Me() me: AuthenticatedUser,
  ) {
    return this.commands.send(
      new UpdateContraction({ ...changes(body), contractionId, birthingPersonId: me.id, userId: me.id }),
    );
  }

  @Delete('active/contractions/:contraction_id')
  @Sends(DeleteContraction, routes.remove)
  remove(@Param('contraction_id', UuidPipe) contractionId: string, @Me() me: AuthenticatedUser) {
    return this.commands.send(new DeleteContraction({ contractionId, birthingPersonId: me.id, userId: me.id }));
  }

  @Post('active/phase')
  @Sends(AdvanceLabourPhase, { body: NewPhase, reads: labour, summary: 'Say in which phase the labour is' })
  advance(@Body() body: NewPhase, @Me() me: AuthenticatedUser) {
    return this.commands.send(new AdvanceLabourPhase({ ...body, birthingPersonId: me.id }));
  }

  @Put('active/complete')
  @Sends(CompleteLabour, { body: LabourEnd, reads: labour, summary: 'Complete the labour' })
  complete(@Body() body: LabourEnd, @Me() me: AuthenticatedUser) {
    return this.commands.send(new CompleteLabour({ ...body, birthingPersonId: me.id }));
  }

  @Post('active/updates')
  @Sends(PostLabourUpdate, routes.post)
  post(@Body() body: NewLabourUpdate, @Me() me: AuthenticatedUser, @NewId('labourUpdateId') labourUpdateId: string) {
    return this.commands.send(
      new PostLabourUpdate({ ...body, labourUpdateId, birthingPersonId: me.id, userId: me.id }),
    );
  }

  @Patch('active/updates/:labour_update_id')
  @Sends(EditLabourUpdate, routes.edit)
  edit(
    @Param('labour_update_id', UuidPipe) labourUpdateId: string,
    @Body() body: LabourUpdateChanges,
    @Me() me: AuthenticatedUser,
  ) {
    return this.commands.send(
      new EditLabourUpdate({ ...changes(body), labourUpdateId, birthingPersonId: me.id, userId: me.id }),
    );
  }

  @Delete('active/updates/:labour_update_id')
  @Sends(DeleteLabourUpdate, routes.retract)
  retract(@Param('labour_update_id', UuidPipe) labourUpdateId: string, @Me() me: AuthenticatedUser) {
    return this.commands.send(new DeleteLabourUpdate({ labourUpdateId, birthingPersonId: me.id, userId: me.id }));
  }

  @Post('active/invites')
  @Sends(SendLabourInvite, {
    body: NewInvite,
    deletes: true,
    summary: 'Invite somebody by e-mail to follow: ten within 24 hours',
  })
  invite(@Body() body: NewInvite, @Me() me: AuthenticatedUser) {
    return this.commands.send(new SendLabourInvite({ ...body, birthingPersonId: me.id }));
  }

  @Delete(':labour_id')
  @Sends(DeleteLabour, {
    deletes: true,
    summary: 'Delete a labour that is planned or complete: yours, or for administrators anybody’s',
  })
  async delete(@Param('labour_id', UuidPipe) labourId: string, @Me() me: AuthenticatedUser) {
    const owner = me.roles.includes('admin') ? await this.labours.ownerOf(labourId) : undefined;
    return this.commands.send(new DeleteLabour({ labourId, birthingPersonId: owner ?? me.id }));
  }

  @Get()
  @Lists(LabourOverview, LabourPage, { summary: 'Your labours, newest first unless sorted otherwise' })
  list(@Query() page: LabourPage, @Me() me: AuthenticatedUser): Promise<Paged<Wire<LabourOverview>>> {
    return this.labours.list(me.id, page);
  }

  @Get('active')
  @Reads(LabourView, { phase: advised, summary: 'Your labour that is planned or under way' })
  async active(@Me() me: AuthenticatedUser): Promise<Wire<LabourView>> {
    return activeOr404(await this.labours.active(me.id, me));
  }

  @Get('active/summary')
  @Reads(LabourSummary, { summary: 'Your labour in short' })
  async summary(@Me() me: AuthenticatedUser): Promise<Wire<LabourSummary>> {
    return activeOr404(await this.labours.summary(me.id, me));
  }

  @Get(':labour_id')
  @Reads(LabourView, { phase: advised, summary: 'A labour of yours, or of one whom you follow' })
  async byId(@Param('labour_id', UuidPipe) labourId: string, @Me() me: AuthenticatedUser): Promise<Wire<LabourView>> {
    return foundOr404(await this.labours.byId(labourId, me));
  }

  @Get(':labour_id/contractions')
  @Lists(ContractionView, ContractionPage, { summary: 'Its contractions, in the order of their starts' })
  async contractions(
    @Param('labour_id', UuidPipe) labourId: string,
    @Query() page: ContractionPage,
    @Me() me: AuthenticatedUser,
  ): Promise<Paged<Wire<ContractionView>>> {
    return foundOr404(await this.labours.contractions(labourId, page, me));
  }

  @Get(':labour_id/statistics')
  @Reads(LabourStatistics, { summary: 'Its contractions in numbers: of all, and of the last half hour and hour' })
  async statistics(@Param('labour_id', UuidPipe) labourId: string, @Me() me: AuthenticatedUser): Promise<Statistics> {
    return foundOr404(await this.labours.statistics(labourId, me));
  }

  @Get(':labour_id/updates')
  @Lists(LabourUpdateView, LabourUpdatePage, {
    summary: 'What was posted, the newest first',
    description: 'Private notes are left out unless you are the birthing person or a birth partner.',
  })
  async updates(
    @Param('labour_id', UuidPipe) labourId: string,
    @Query() page: LabourUpdatePage,
    @Me() me: AuthenticatedUser,
  ): Promise<Paged<Wire<LabourUpdateView>>> {
    return foundOr404(await this.labours.updates(labourId, page, me));
  }
}

function foundOr404<View>(found: View | undefined): View {
  if (found === undefined) throw labourNotFound();
  return found;
}
