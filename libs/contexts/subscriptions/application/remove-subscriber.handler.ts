import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { RemoveSubscriber } from '../contract/index.js';
import { SubscriptionRepository } from './ports.js';

@CommandHandler(RemoveSubscriber)
export class RemoveSubscriberHandler implements ICommandHandler<RemoveSubscriber> {
  constructor(private readonly subscriptions: SubscriptionRepository) {}

  async execute({ subscriptionId, birthingPersonId }: RemoveSubscriber): Promise<void> {
    const subscription = await this.subscriptions.get(subscriptionId);
    subscription.remove(birthingPersonId);
    await this.subscriptions.save(subscription);
  }
}
