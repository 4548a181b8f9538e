import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { UnblockSubscriber } from '../contract/index.js';
import { SubscriptionRepository } from './ports.js';

@CommandHandler(UnblockSubscriber)
export class UnblockSubscriberHandler implements ICommandHandler<UnblockSubscriber> {
  constructor(private readonly subscriptions: SubscriptionRepository) {}

  async execute({ subscriptionId, birthingPersonId }: UnblockSubscriber): Promise<void> {
    const subscription = await this.subscriptions.get(subscriptionId);
    subscription.unblock(birthingPersonId);
    await this.subscriptions.save(subscription);
  }
}
