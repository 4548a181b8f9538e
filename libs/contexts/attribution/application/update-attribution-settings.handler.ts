import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { UpdateAttributionSettings } from '../contract/index.js';
import { SettingsRepository } from './ports.js';

@CommandHandler(UpdateAttributionSettings)
export class UpdateAttributionSettingsHandler implements ICommandHandler<UpdateAttributionSettings> {
  constructor(private readonly settings: SettingsRepository) {}

  async execute(command: UpdateAttributionSettings): Promise<void> {
    const { settingsId } = command;
    const settings = (await this.settings.find(settingsId)) ?? (await this.settings.create(settingsId));
    settings.update(command);
    await this.settings.save(settings);
  }
}
