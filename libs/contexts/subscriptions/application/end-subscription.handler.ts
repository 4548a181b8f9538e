import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { EndSubscription } from '../contract/index.js';
import { SubscriptionRepository } from './ports.js';

@CommandHandler(EndSubscription)
export class EndSubscriptionHandler implements ICommandHandler<EndSubscription> {
  constructor(private readonly subscriptions: SubscriptionRepository) {}

  async execute({ subscriptionId }: EndSubscription): Promise<void> {
    const subscription = await this.subscriptions.find(subscriptionId);
    if (!subscription) return;
    subscription.end();
    await this.subscriptions.save(subscription);
  }
}
