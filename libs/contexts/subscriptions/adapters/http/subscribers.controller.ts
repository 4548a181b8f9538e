import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { PickType } from '@nestjs/mapped-types';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';

import type { Wire } from '#kernel';
import { Authenticated } from '#platform/auth/access-policy.js';
import type { AuthenticatedUser } from '#platform/auth/authenticated-user.js';
import { Commands } from '#platform/commands/commands.js';
import { phaseOf } from '#platform/http/preconditions.js';
import { notFound } from '#platform/http/problem.js';
import { Reads } from '#platform/http/reads.decorator.js';
import { Me, Sends } from '#platform/http/sends.decorator.js';
import { UuidPipe } from '#platform/http/uuid.pipe.js';

import { RegisterSubscriber, SendSubscriberInvite } from '../../contract/index.js';
import { SubscriberQueries } from '../../read-models/subscriber.queries.js';
import { SubscriberView } from '../../read-models/subscription-views.js';

class NewSubscriber extends PickType(RegisterSubscriber, ['contactMethods']) {}
class NewInvite extends PickType(SendSubscriberInvite, ['email']) {}

/** Whom somebody follows changes without a new version of theirs. */
const shown = ({ subscribed_to: followed }: Wire<SubscriberView>): string | undefined =>
  followed.length > 0 ? phaseOf(...followed) : undefined;

@ApiTags('subscriptions')
@ApiBearerAuth()
@Authenticated()
@Controller('subscribers')
export class SubscribersController {
  constructor(
    private readonly commands: Commands,
    private readonly subscribers: SubscriberQueries,
  ) {}

  @Post()
  @Sends(RegisterSubscriber, {
    body: NewSubscriber,
    reads: { view: SubscriberView, queries: SubscriberQueries, phase: shown },
    summary: 'Register as somebody who follows others',
    description: '`contact_methods` is what new subscriptions begin with. It may be empty.',
  })
  register(@Body() body: NewSubscriber, @Me() me: AuthenticatedUser) {
    return this.commands.send(new RegisterSubscriber({ ...body, subscriberId: me.id }));
  }

  @Post('invites')
  @Sends(SendSubscriberInvite, {
    body: NewInvite,
    deletes: true,
    summary: 'Recommend the service to somebody by e-mail',
    description: 'At most 10 within 24 hours.',
  })
  invite(@Body() body: NewInvite, @Me() me: AuthenticatedUser) {
    return this.commands.send(new SendSubscriberInvite({ ...body, subscriberId: me.id }));
  }

  @Get('me')
  @Reads(SubscriberView, { phase: shown, summary: 'You, as others whom you follow know you' })
  me(@Me() me: AuthenticatedUser): Promise<Wire<SubscriberView>> {
    return this.#read(me.id, me);
  }

  @Get(':subscriber_id')
  @Reads(SubscriberView, { phase: shown, summary: 'The same by your id' })
  byId(
    @Param('subscriber_id', UuidPipe) subscriberId: string,
    @Me() me: AuthenticatedUser,
  ): Promise<Wire<SubscriberView>> {
    return this.#read(subscriberId, me);
  }

  async #read(id: string, me: AuthenticatedUser): Promise<Wire<SubscriberView>> {
    const found = await this.subscribers.byId(id, me);
    if (!found) throw notFound('subscriber_not_found', `there is no subscriber ${id}`);
    return found;
  }
}
