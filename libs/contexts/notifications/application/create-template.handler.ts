import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { Actor } from '#kernel';

import { CreateTemplate, TemplateNameTaken } from '../contract/index.js';
import { askerOf } from './askers.js';
import { TemplateRepository } from './ports.js';

@CommandHandler(CreateTemplate)
export class CreateTemplateHandler implements ICommandHandler<CreateTemplate> {
  constructor(
    private readonly templates: TemplateRepository,
    private readonly actor: Actor,
  ) {}

  async execute(command: CreateTemplate): Promise<void> {
    const { templateId } = command;
    if (await this.templates.find(templateId)) throw new TemplateNameTaken();
    const template = await this.templates.create(templateId);
    template.open(command, askerOf(this.actor));
    await this.templates.save(template);
  }
}
