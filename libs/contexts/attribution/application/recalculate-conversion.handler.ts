import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { RecalculateConversion } from '../contract/index.js';
import { ConversionNotFound } from '../domain/errors.js';
import { SettingsLookup, VisitorRepository } from './ports.js';

@CommandHandler(RecalculateConversion)
export class RecalculateConversionHandler implements ICommandHandler<RecalculateConversion> {
  constructor(
    private readonly visitors: VisitorRepository,
    private readonly settings: SettingsLookup,
  ) {}

  async execute({ visitorKey, conversionId }: RecalculateConversion): Promise<void> {
    const visitor = await this.visitors.find(visitorKey);
    if (!visitor) throw new ConversionNotFound(conversionId);
    visitor.recalculate(conversionId, await this.settings.current());
    await this.visitors.save(visitor);
  }
}
