import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Clock } from '#kernel';

import { SendSubscriberInvite } from '../contract/index.js';
import { SubscriberRepository } from './ports.js';

@CommandHandler(SendSubscriberInvite)
export class SendSubscriberInviteHandler implements ICommandHandler<SendSubscriberInvite> {
  constructor(
    private readonly subscribers: SubscriberRepository,
    private readonly clock: Clock,
  ) {}

  async execute(command: SendSubscriberInvite): Promise<void> {
    const subscriber = await this.subscribers.get(command.subscriberId);
    subscriber.invite(command, this.clock.now());
    await this.subscribers.save(subscriber);
  }
}
