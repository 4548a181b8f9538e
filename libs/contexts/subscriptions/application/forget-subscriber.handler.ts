import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { ForgetSubscriber } from '../contract/index.js';
import { SubscriberRepository } from './ports.js';

@CommandHandler(ForgetSubscriber)
export class ForgetSubscriberHandler implements ICommandHandler<ForgetSubscriber> {
  constructor(private readonly subscribers: SubscriberRepository) {}

  async execute({ subscriberId }: ForgetSubscriber): Promise<void> {
    const subscriber = (await this.subscribers.find(subscriberId)) ?? (await this.subscribers.create(subscriberId));
    subscriber.forget();
    await this.subscribers.save(subscriber);
  }
}
