import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Actor, Clock } from '#kernel';

import { DeleteNotification } from '../contract/index.js';
import { askerOf } from './askers.js';
import { NotificationRepository } from './ports.js';

@CommandHandler(DeleteNotification)
export class DeleteNotificationHandler implements ICommandHandler<DeleteNotification> {
  constructor(
    private readonly notifications: NotificationRepository,
    private readonly actor: Actor,
    private readonly clock: Clock,
  ) {}

  async execute({ notificationId, userId }: DeleteNotification): Promise<void> {
    const notification = await this.notifications.get(notificationId);
    notification.delete({ ...askerOf(this.actor), id: userId }, this.clock.now());
    await this.notifications.save(notification);
  }
}
