import { Body, Controller, Delete, Get, Param, Post, Put, Query } from '@nestjs/common';
import { PickType } from '@nestjs/mapped-types';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { IsUUID } from 'class-validator';

import { Message, type Wire } from '#kernel';
import { Authenticated } from '#platform/auth/access-policy.js';
import type { AuthenticatedUser } from '#platform/auth/authenticated-user.js';
import { Commands } from '#platform/commands/commands.js';
import type { Paged } from '#platform/http/page.js';
import { phaseOf } from '#platform/http/preconditions.js';
import { notFound } from '#platform/http/problem.js';
import { Lists, Reads } from '#platform/http/reads.decorator.js';
import { Me, Sends } from '#platform/http/sends.decorator.js';
import { UuidPipe } from '#platform/http/uuid.pipe.js';

import {
  ApproveSubscriber,
  BlockSubscriber,
  RemoveSubscriber,
  SubscribeTo,
  subscriptionIdOf,
  UnblockSubscriber,
  UnsubscribeFrom,
  UpdateContactMethods,
  UpdateSubscriberRole,
} from '../../contract/index.js';
import { followedLabours } from '../../read-models/followed-labour.projection.js';
import { SubscriptionView } from '../../read-models/subscription-views.js';
import {
  OwnSubscriptionPage,
  OwnSubscriptionQueries,
  SubscriptionQueries,
} from '../../read-models/subscription.queries.js';
import { TokenGuesses } from '../limits/token-guesses.js';

class NewSubscription extends PickType(SubscribeTo, ['birthingPersonId', 'token']) {}
class NewRole extends PickType(UpdateSubscriberRole, ['role']) {}
class NewContactMethods extends PickType(UpdateContactMethods, ['contactMethods']) {}

class Followed extends Message<Followed> {
  /** Whom you follow. */
  @IsUUID() readonly birthingPersonId!: string;
}

/** Names and phases change without a new version of their subscription. */
const shown = (view: Wire<SubscriptionView>): string =>
  phaseOf(view.subscriber_name, view.birthing_person_name, view.phase ?? '');

const subscription = { view: SubscriptionView, queries: SubscriptionQueries, phase: shown };
const own = { view: SubscriptionView, queries: OwnSubscriptionQueries, phase: shown };

@ApiTags('subscriptions')
@ApiBearerAuth()
@Authenticated()
@Controller('subscriptions')
export class SubscriptionsController {
  constructor(
    private readonly commands: Commands,
    private readonly subscriptions: SubscriptionQueries,
    private readonly guesses: TokenGuesses,
  ) {}

  @Post()
  @Sends(SubscribeTo, {
    body: NewSubscription,
    reads: own,
    summary: 'Follow a birthing person who gave you the token',
    description:
      'Where the birthing person wants to be asked, the status is `requested` until the answer. Five wrong tokens within ' +
      'a quarter of an hour are the last that are looked at for that time.',
  })
  async subscribe(@Body() { birthingPersonId, token }: NewSubscription, @Me() me: AuthenticatedUser) {
    await this.guesses.attempt(me.id, birthingPersonId, token);
    const subscriptionId = subscriptionIdOf(me.id, birthingPersonId);
    return this.commands.send(new SubscribeTo({ subscriptionId, subscriberId: me.id, birthingPersonId, token }));
  }

  @Delete()
  @Sends(UnsubscribeFrom, { deletes: true, summary: 'Follow somebody no more' })
  unsubscribe(@Query() { birthingPersonId }: Followed, @Me() me: AuthenticatedUser) {
    const subscriptionId = subscriptionIdOf(me.id, birthingPersonId);
    return this.commands.send(new UnsubscribeFrom({ subscriptionId, subscriberId: me.id }));
  }

  @Get()
  @Lists(SubscriptionView, OwnSubscriptionPage, {
    summary: 'Whom you follow, or asked to, newest first unless sorted otherwise',
    description: '`status` may be repeated.',
    follows: [followedLabours.name],
  })
  list(@Query() page: OwnSubscriptionPage, @Me() me: AuthenticatedUser): Promise<Paged<Wire<SubscriptionView>>> {
    return this.subscriptions.of(me, page);
  }

  @Get(':subscription_id')
  @Reads(SubscriptionView, {
    phase: shown,
    summary: 'One subscription',
    description: 'Its birthing person reads it in whatever status; its subscriber, while it is `subscribed`.',
    follows: [followedLabours.name],
  })
  async byId(
    @Param('subscription_id', UuidPipe) subscriptionId: string,
    @Me() me: AuthenticatedUser,
  ): Promise<Wire<SubscriptionView>> {
    const found = await this.subscriptions.byId(subscriptionId, me);
    if (!found) throw notFound('subscription_not_found', `there is no subscription ${subscriptionId}`);
    return found;
  }

  @Post(':subscription_id/approve')
  @Sends(ApproveSubscriber, { reads: subscription, summary: 'Let somebody follow you who asks to' })
  approve(@Param('subscription_id', UuidPipe) subscriptionId: string, @Me() me: AuthenticatedUser) {
    return this.commands.send(new ApproveSubscriber({ subscriptionId, birthingPersonId: me.id }));
  }

  @Post(':subscription_id/remove')
  @Sends(RemoveSubscriber, {
    reads: subscription,
    summary: 'Let somebody follow you no more',
    description: 'With the token they may begin again: get another one, or block them.',
  })
  remove(@Param('subscription_id', UuidPipe) subscriptionId: string, @Me() me: AuthenticatedUser) {
    return this.commands.send(new RemoveSubscriber({ subscriptionId, birthingPersonId: me.id }));
  }

  @Post(':subscription_id/block')
  @Sends(BlockSubscriber, { reads: subscription, summary: 'Let somebody follow you never again' })
  block(@Param('subscription_id', UuidPipe) subscriptionId: string, @Me() me: AuthenticatedUser) {
    return this.commands.send(new BlockSubscriber({ subscriptionId, birthingPersonId: me.id }));
  }

  @Post(':subscription_id/unblock')
  @Sends(UnblockSubscriber, { reads: subscription, summary: 'Let somebody begin again who is blocked' })
  unblock(@Param('subscription_id', UuidPipe) subscriptionId: string, @Me() me: AuthenticatedUser) {
    return this.commands.send(new UnblockSubscriber({ subscriptionId, birthingPersonId: me.id }));
  }

  @Put(':subscription_id/role')
  @Sends(UpdateSubscriberRole, {
    body: NewRole,
    reads: subscription,
    summary: 'Say what somebody is to you who follows you',
    description: 'A `birth_partner` may act for you.',
  })
  setRole(
    @Param('subscription_id', UuidPipe) subscriptionId: string,
    @Body() body: NewRole,
    @Me() me: AuthenticatedUser,
  ) {
    return this.commands.send(new UpdateSubscriberRole({ ...body, subscriptionId, birthingPersonId: me.id }));
  }

  @Put(':subscription_id/contact-methods')
  @Sends(UpdateContactMethods, {
    body: NewContactMethods,
    reads: own,
    summary: 'Choose how you are told of somebody whom you follow',
  })
  setContactMethods(
    @Param('subscription_id', UuidPipe) subscriptionId: string,
    @Body() body: NewContactMethods,
    @Me() me: AuthenticatedUser,
  ) {
    return this.commands.send(new UpdateContactMethods({ ...body, subscriptionId, subscriberId: me.id }));
  }
}
