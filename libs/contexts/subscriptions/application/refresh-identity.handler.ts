import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { RefreshIdentity } from '../contract/index.js';
import { SubscriberRepository } from './ports.js';

@CommandHandler(RefreshIdentity)
export class RefreshIdentityHandler implements ICommandHandler<RefreshIdentity> {
  constructor(private readonly subscribers: SubscriberRepository) {}

  async execute(command: RefreshIdentity): Promise<void> {
    const { subscriberId } = command;
    const subscriber = (await this.subscribers.find(subscriberId)) ?? (await this.subscribers.create(subscriberId));
    subscriber.refreshIdentity(command);
    await this.subscribers.save(subscriber);
  }
}
