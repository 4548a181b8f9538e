import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { RecordContact } from '../contract/index.js';
import { RecipientRepository } from './ports.js';

@CommandHandler(RecordContact)
export class RecordContactHandler implements ICommandHandler<RecordContact> {
  constructor(private readonly recipients: RecipientRepository) {}

  async execute(command: RecordContact): Promise<void> {
    const { userId } = command;
    const recipient = (await this.recipients.find(userId)) ?? (await this.recipients.create(userId));
    recipient.recordContact(command);
    await this.recipients.save(recipient);
  }
}
