import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Actor, Deadline, ReachesOutside } from '#kernel';

import { SendNotification } from '../contract/index.js';
import { assertInCharge } from '../domain/asker.js';
import { askerOf } from './askers.js';
import { Gateways } from './gateways.js';
import { NotificationRepository } from './ports.js';

@ReachesOutside()
@CommandHandler(SendNotification)
export class SendNotificationHandler implements ICommandHandler<SendNotification> {
  constructor(
    private readonly notifications: NotificationRepository,
    private readonly gateways: Gateways,
    private readonly actor: Actor,
    private readonly deadline: Deadline,
  ) {}

  async execute({ notificationId }: SendNotification): Promise<void> {
    assertInCharge(askerOf(this.actor));
    const notification = await this.notifications.get(notificationId);
    const message = notification.toSend();
    const { delivery, at } = await this.gateways.send(notification.channel, message, this.deadline.signal);
    notification.attempted(message, delivery, at);
    await this.notifications.save(notification);
  }
}
