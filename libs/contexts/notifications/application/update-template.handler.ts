import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Actor, Clock } from '#kernel';

import { UpdateTemplate } from '../contract/index.js';
import { askerOf } from './askers.js';
import { TemplateRepository } from './ports.js';

@CommandHandler(UpdateTemplate)
export class UpdateTemplateHandler implements ICommandHandler<UpdateTemplate> {
  constructor(
    private readonly templates: TemplateRepository,
    private readonly actor: Actor,
    private readonly clock: Clock,
  ) {}

  async execute(command: UpdateTemplate): Promise<void> {
    const template = await this.templates.get(command.templateId);
    template.update(command, askerOf(this.actor), this.clock.now());
    await this.templates.save(template);
  }
}
