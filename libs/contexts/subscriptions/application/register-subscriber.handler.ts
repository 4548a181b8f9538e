import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { RegisterSubscriber } from '../contract/index.js';
import { SubscriberRepository } from './ports.js';

@CommandHandler(RegisterSubscriber)
export class RegisterSubscriberHandler implements ICommandHandler<RegisterSubscriber> {
  constructor(private readonly subscribers: SubscriberRepository) {}

  async execute({ subscriberId, contactMethods }: RegisterSubscriber): Promise<void> {
    const subscriber = (await this.subscribers.find(subscriberId)) ?? (await this.subscribers.create(subscriberId));
    subscriber.register(contactMethods);
    await this.subscribers.save(subscriber);
  }
}
