import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { SetApprovalRequired } from '../contract/index.js';
import { ShareSettingsRepository } from './ports.js';

@CommandHandler(SetApprovalRequired)
export class SetApprovalRequiredHandler implements ICommandHandler<SetApprovalRequired> {
  constructor(private readonly settings: ShareSettingsRepository) {}

  async execute({ birthingPersonId, approvalRequired }: SetApprovalRequired): Promise<void> {
    const settings = await this.settings.get(birthingPersonId);
    settings.setApprovalRequired(approvalRequired);
    await this.settings.save(settings);
  }
}
