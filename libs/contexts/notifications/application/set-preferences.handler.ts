import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { SetPreferences } from '../contract/index.js';
import { RecipientRepository } from './ports.js';

@CommandHandler(SetPreferences)
export class SetPreferencesHandler implements ICommandHandler<SetPreferences> {
  constructor(private readonly recipients: RecipientRepository) {}

  async execute({ userId, topics }: SetPreferences): Promise<void> {
    const recipient = (await this.recipients.find(userId)) ?? (await this.recipients.create(userId));
    recipient.setPreferences(topics);
    await this.recipients.save(recipient);
  }
}
