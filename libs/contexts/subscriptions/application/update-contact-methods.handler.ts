import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { UpdateContactMethods } from '../contract/index.js';
import { SubscriptionRepository } from './ports.js';

@CommandHandler(UpdateContactMethods)
export class UpdateContactMethodsHandler implements ICommandHandler<UpdateContactMethods> {
  constructor(private readonly subscriptions: SubscriptionRepository) {}

  async execute({ subscriptionId, subscriberId, contactMethods }: UpdateContactMethods): Promise<void> {
    const subscription = await this.subscriptions.get(subscriptionId);
    subscription.setContactMethods(contactMethods, subscriberId);
    await this.subscriptions.save(subscription);
  }
}
