import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { BlockSubscriber } from '../contract/index.js';
import { SubscriptionRepository } from './ports.js';

@CommandHandler(BlockSubscriber)
export class BlockSubscriberHandler implements ICommandHandler<BlockSubscriber> {
  constructor(private readonly subscriptions: SubscriptionRepository) {}

  async execute({ subscriptionId, birthingPersonId }: BlockSubscriber): Promise<void> {
    const subscription = await this.subscriptions.get(subscriptionId);
    subscription.block(birthingPersonId);
    await this.subscriptions.save(subscription);
  }
}
