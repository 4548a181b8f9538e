import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { ForgetShareSettings } from '../contract/index.js';
import { ShareSettingsRepository } from './ports.js';

@CommandHandler(ForgetShareSettings)
export class ForgetShareSettingsHandler implements ICommandHandler<ForgetShareSettings> {
  constructor(private readonly settings: ShareSettingsRepository) {}

  async execute({ birthingPersonId }: ForgetShareSettings): Promise<void> {
    const settings = (await this.settings.find(birthingPersonId)) ?? (await this.settings.create(birthingPersonId));
    settings.forget();
    await this.settings.save(settings);
  }
}
