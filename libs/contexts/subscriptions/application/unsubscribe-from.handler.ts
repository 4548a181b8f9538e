import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { UnsubscribeFrom } from '../contract/index.js';
import { NotSubscribed } from '../domain/errors.js';
import { SubscriptionRepository } from './ports.js';

@CommandHandler(UnsubscribeFrom)
export class UnsubscribeFromHandler implements ICommandHandler<UnsubscribeFrom> {
  constructor(private readonly subscriptions: SubscriptionRepository) {}

  async execute({ subscriptionId, subscriberId }: UnsubscribeFrom): Promise<void> {
    const subscription = await this.subscriptions.find(subscriptionId);
    if (!subscription) throw new NotSubscribed();
    subscription.unsubscribe(subscriberId);
    await this.subscriptions.save(subscription);
  }
}
