import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { RotateShareToken } from '../contract/index.js';
import { ShareSettingsRepository, ShareTokens } from './ports.js';

@CommandHandler(RotateShareToken)
export class RotateShareTokenHandler implements ICommandHandler<RotateShareToken> {
  constructor(
    private readonly settings: ShareSettingsRepository,
    private readonly tokens: ShareTokens,
  ) {}

  async execute({ birthingPersonId }: RotateShareToken): Promise<void> {
    const settings = await this.settings.get(birthingPersonId);
    settings.rotate(this.tokens.make(birthingPersonId, settings.version));
    await this.settings.save(settings);
  }
}
