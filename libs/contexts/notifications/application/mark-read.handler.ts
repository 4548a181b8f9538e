import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Clock } from '#kernel';

import { MarkRead } from '../contract/index.js';
import { NotificationRepository } from './ports.js';

@CommandHandler(MarkRead)
export class MarkReadHandler implements ICommandHandler<MarkRead> {
  constructor(
    private readonly notifications: NotificationRepository,
    private readonly clock: Clock,
  ) {}

  async execute({ notificationId, userId }: MarkRead): Promise<void> {
    const notification = await this.notifications.get(notificationId);
    notification.read(userId, this.clock.now());
    await this.notifications.save(notification);
  }
}
