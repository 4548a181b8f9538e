import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Clock } from '#kernel';

import { ReverseConversion } from '../contract/index.js';
import { ConversionNotFound } from '../domain/errors.js';
import { VisitorRepository } from './ports.js';

@CommandHandler(ReverseConversion)
export class ReverseConversionHandler implements ICommandHandler<ReverseConversion> {
  constructor(
    private readonly visitors: VisitorRepository,
    private readonly clock: Clock,
  ) {}

  async execute(command: ReverseConversion): Promise<void> {
    const visitor = await this.visitors.find(command.visitorKey);
    if (!visitor) throw new ConversionNotFound(command.conversionId);
    visitor.reverse(command, this.clock.now());
    await this.visitors.save(visitor);
  }
}
