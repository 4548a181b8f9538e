import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { RegisterTouchpoint } from '../contract/index.js';
import { VisitorRepository } from './ports.js';

@CommandHandler(RegisterTouchpoint)
export class RegisterTouchpointHandler implements ICommandHandler<RegisterTouchpoint> {
  constructor(private readonly visitors: VisitorRepository) {}

  async execute(command: RegisterTouchpoint): Promise<void> {
    const { visitorKey } = command;
    const visitor = (await this.visitors.find(visitorKey)) ?? (await this.visitors.create(visitorKey));
    visitor.register(command);
    await this.visitors.save(visitor);
  }
}
