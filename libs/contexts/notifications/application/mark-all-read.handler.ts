import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Clock } from '#kernel';

import { MarkAllRead } from '../contract/index.js';
import { RecipientRepository } from './ports.js';

@CommandHandler(MarkAllRead)
export class MarkAllReadHandler implements ICommandHandler<MarkAllRead> {
  constructor(
    private readonly recipients: RecipientRepository,
    private readonly clock: Clock,
  ) {}

  async execute({ userId }: MarkAllRead): Promise<void> {
    const recipient = (await this.recipients.find(userId)) ?? (await this.recipients.create(userId));
    recipient.readInbox(this.clock.now());
    await this.recipients.save(recipient);
  }
}
