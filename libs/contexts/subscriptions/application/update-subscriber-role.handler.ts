import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { UpdateSubscriberRole } from '../contract/index.js';
import { SubscriptionRepository } from './ports.js';

@CommandHandler(UpdateSubscriberRole)
export class UpdateSubscriberRoleHandler implements ICommandHandler<UpdateSubscriberRole> {
  constructor(private readonly subscriptions: SubscriptionRepository) {}

  async execute({ subscriptionId, birthingPersonId, role }: UpdateSubscriberRole): Promise<void> {
    const subscription = await this.subscriptions.get(subscriptionId);
    subscription.setRole(role, birthingPersonId);
    await this.subscriptions.save(subscription);
  }
}
