import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { SubscribeTo } from '../contract/index.js';
import {
  BirthingPersonNotFound,
  CannotSubscribeToSelf,
  SubscriberNotFound,
  SubscriptionTokenIncorrect,
} from '../domain/errors.js';
import { ShareSettingsLookup, ShareTokens, SubscriberLookup, SubscriptionRepository } from './ports.js';

@CommandHandler(SubscribeTo)
export class SubscribeToHandler implements ICommandHandler<SubscribeTo> {
  constructor(
    private readonly subscriptions: SubscriptionRepository,
    private readonly subscribers: SubscriberLookup,
    private readonly settings: ShareSettingsLookup,
    private readonly tokens: ShareTokens,
  ) {}

  async execute(command: SubscribeTo): Promise<void> {
    const { subscriptionId, subscriberId, birthingPersonId, token } = command;
    const contactMethods = await this.subscribers.contactMethodsOf(subscriberId);
    if (!contactMethods) throw new SubscriberNotFound();
    const admission = await this.settings.of(birthingPersonId);
    if (!admission) throw new BirthingPersonNotFound(birthingPersonId);
    if (!this.tokens.isSame(token, admission.token)) throw new SubscriptionTokenIncorrect();
    if (subscriberId === birthingPersonId) throw new CannotSubscribeToSelf();
    const subscription =
      (await this.subscriptions.find(subscriptionId)) ?? (await this.subscriptions.create(subscriptionId));
    subscription.subscribe(command, { approvalRequired: admission.approvalRequired, contactMethods });
    await this.subscriptions.save(subscription);
  }
}
