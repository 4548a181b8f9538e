import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Actor, Clock } from '#kernel';

import { RecordDelivery } from '../contract/index.js';
import { assertInCharge } from '../domain/asker.js';
import { askerOf } from './askers.js';
import { NotificationRepository } from './ports.js';

@CommandHandler(RecordDelivery)
export class RecordDeliveryHandler implements ICommandHandler<RecordDelivery> {
  constructor(
    private readonly notifications: NotificationRepository,
    private readonly actor: Actor,
    private readonly clock: Clock,
  ) {}

  async execute(command: RecordDelivery): Promise<void> {
    assertInCharge(askerOf(this.actor));
    const notification = await this.notifications.get(command.notificationId);
    notification.report(command, this.clock.now());
    await this.notifications.save(notification);
  }
}
