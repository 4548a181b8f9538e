import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { OpenShareSettings } from '../contract/index.js';
import { ShareSettingsRepository, ShareTokens } from './ports.js';

@CommandHandler(OpenShareSettings)
export class OpenShareSettingsHandler implements ICommandHandler<OpenShareSettings> {
  constructor(
    private readonly settings: ShareSettingsRepository,
    private readonly tokens: ShareTokens,
  ) {}

  async execute({ birthingPersonId }: OpenShareSettings): Promise<void> {
    const settings = (await this.settings.find(birthingPersonId)) ?? (await this.settings.create(birthingPersonId));
    settings.open(this.tokens.make(birthingPersonId, settings.version));
    await this.settings.save(settings);
  }
}
