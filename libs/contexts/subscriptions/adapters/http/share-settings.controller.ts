import { Body, Controller, Get, Post, Put, Query } from '@nestjs/common';
import { PickType } from '@nestjs/mapped-types';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';

import type { Wire } from '#kernel';
import { Authenticated } from '#platform/auth/access-policy.js';
import type { AuthenticatedUser } from '#platform/auth/authenticated-user.js';
import { Commands } from '#platform/commands/commands.js';
import type { Paged } from '#platform/http/page.js';
import { notFound } from '#platform/http/problem.js';
import { Lists, Reads } from '#platform/http/reads.decorator.js';
import { Me, Sends } from '#platform/http/sends.decorator.js';

import { RotateShareToken, SetApprovalRequired } from '../../contract/index.js';
import { followedLabours } from '../../read-models/followed-labour.projection.js';
import { ShareSettingsQueries } from '../../read-models/share-settings.queries.js';
import { ShareSettingsView, SubscriptionView } from '../../read-models/subscription-views.js';
import { SubscriptionPage, SubscriptionQueries } from '../../read-models/subscription.queries.js';

class NewShareSettings extends PickType(SetApprovalRequired, ['approvalRequired']) {}

const shared = { view: ShareSettingsView, queries: ShareSettingsQueries };

@ApiTags('subscriptions')
@ApiBearerAuth()
@Authenticated()
@Controller('birthing-persons/me')
export class ShareSettingsController {
  constructor(
    private readonly commands: Commands,
    private readonly settings: ShareSettingsQueries,
    private readonly subscriptions: SubscriptionQueries,
  ) {}

  @Get('share-token')
  @Reads(ShareSettingsView, {
    summary: 'The token that you hand on to those who may follow you',
    description: 'Nobody else can read it. It is there some moments after you registered as a birthing person.',
  })
  async token(@Me() me: AuthenticatedUser): Promise<Wire<ShareSettingsView>> {
    const found = await this.settings.byId(me.id, me);
    if (!found) throw notFound('birthing_person_not_found', `there is no birthing person ${me.id}`);
    return found;
  }

  @Post('share-token/rotate')
  @Sends(RotateShareToken, {
    reads: shared,
    summary: 'Get another token',
    description: 'The one from before works no more. Whoever follows you already goes on.',
  })
  rotate(@Me() me: AuthenticatedUser) {
    return this.commands.send(new RotateShareToken({ birthingPersonId: me.id }));
  }

  @Put('share-settings')
  @Sends(SetApprovalRequired, {
    body: NewShareSettings,
    reads: shared,
    summary: 'Say whether who has the token still needs your yes',
    description: 'It is asked when somebody begins to follow: who does already goes on.',
  })
  change(@Body() body: NewShareSettings, @Me() me: AuthenticatedUser) {
    return this.commands.send(new SetApprovalRequired({ ...body, birthingPersonId: me.id }));
  }

  @Get('subscriptions')
  @Lists(SubscriptionView, SubscriptionPage, {
    summary: 'Who follows you, did, or asks to, newest first unless sorted otherwise',
    description: '`status` may be repeated.',
    follows: [followedLabours.name],
  })
  list(@Query() page: SubscriptionPage, @Me() me: AuthenticatedUser): Promise<Paged<Wire<SubscriptionView>>> {
    return this.subscriptions.to(me, page);
  }
}
