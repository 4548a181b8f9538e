import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Clock } from '#kernel';

import { RecordConversion } from '../contract/index.js';
import { SettingsLookup, VisitorRepository } from './ports.js';

@CommandHandler(RecordConversion)
export class RecordConversionHandler implements ICommandHandler<RecordConversion> {
  constructor(
    private readonly visitors: VisitorRepository,
    private readonly settings: SettingsLookup,
    private readonly clock: Clock,
  ) {}

  async execute(command: RecordConversion): Promise<void> {
    const { visitorKey } = command;
    const visitor = (await this.visitors.find(visitorKey)) ?? (await this.visitors.create(visitorKey));
    visitor.convert(command, this.clock.now(), await this.settings.current());
    await this.visitors.save(visitor);
  }
}
