import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Actor, AlreadyExists, Clock } from '#kernel';

import { NotificationAlreadyExists, RequestNotification } from '../contract/index.js';
import { assertInCharge } from '../domain/asker.js';
import type { Notification } from '../domain/notification.js';
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
    const { userId, template: name, channel } = command;
    const notification = await this.#create(command);
    const contact = userId === undefined ? undefined : await this.contacts.of(userId);
    const template = name === undefined ? undefined : await this.templates.find(name, channel);
    notification.request(command, { contact, template }, this.clock.now());
    await this.notifications.save(notification);
  }

  async #create({ notificationId, dedupKey }: RequestNotification): Promise<Notification> {
    try {
      return await this.notifications.create(notificationId);
    } catch (error) {
      if (error instanceof AlreadyExists && dedupKey !== undefined) throw new NotificationAlreadyExists();
      throw error;
    }
  }
}
