import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { RemoveTouchpoint } from '../contract/index.js';
import { VisitorRepository } from './ports.js';

@CommandHandler(RemoveTouchpoint)
export class RemoveTouchpointHandler implements ICommandHandler<RemoveTouchpoint> {
  constructor(private readonly visitors: VisitorRepository) {}

  async execute(command: RemoveTouchpoint): Promise<void> {
    const { visitorKey } = command;
    const visitor = (await this.visitors.find(visitorKey)) ?? (await this.visitors.create(visitorKey));
    visitor.remove(command);
    await this.visitors.save(visitor);
  }
}
