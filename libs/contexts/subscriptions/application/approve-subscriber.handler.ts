import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { ApproveSubscriber } from '../contract/index.js';
import { SubscriptionRepository } from './ports.js';

@CommandHandler(ApproveSubscriber)
export class ApproveSubscriberHandler implements ICommandHandler<ApproveSubscriber> {
  constructor(private readonly subscriptions: SubscriptionRepository) {}

  async execute({ subscriptionId, birthingPersonId }: ApproveSubscriber): Promise<void> {
    const subscription = await this.subscriptions.get(subscriptionId);
    subscription.approve(birthingPersonId);
    await this.subscriptions.save(subscription);
  }
}
