import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Actor, Clock } from '#kernel';

import { RequestNotification } from '../contract/index.js';
import { assertInCharge } from '../domain/asker.js';
import { askerOf } from './askers.js';
import { ContactLookup, NotificationRepository, TemplateLookup } from './ports.js';

@CommandHandler(RequestNotification)
export class RequestNotificationHandler implements ICommandHandler<RequestNotification> {
  constructor(
    private readonly notifications: NotificationRepository,
    private readonly contacts: ContactLookup,
    private readonly templates: TemplateLookup,
    private readonly actor: Actor,
    private readonly clock: Clock,
  ) {}

  async execute(command: RequestNotification): Promise<void> {
    assertInCharge(askerOf(this.actor));
    const { notificationId, userId, template: name, channel } = command;
    const notification = await this.notifications.create(notificationId);
    const contact = userId === undefined ? undefined : await this.contacts.of(userId);
    const template = name === undefined ? undefined : await this.templates.find(name, channel);
    notification.request(command, { contact, template }, this.clock.now());
    await this.notifications.save(notification);
  }
}
