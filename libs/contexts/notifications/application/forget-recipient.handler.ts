import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { ForgetRecipient } from '../contract/index.js';
import { RecipientRepository } from './ports.js';

@CommandHandler(ForgetRecipient)
export class ForgetRecipientHandler implements ICommandHandler<ForgetRecipient> {
  constructor(private readonly recipients: RecipientRepository) {}

  async execute({ userId }: ForgetRecipient): Promise<void> {
    const recipient = (await this.recipients.find(userId)) ?? (await this.recipients.create(userId));
    recipient.forget();
    await this.recipients.save(recipient);
  }
}
