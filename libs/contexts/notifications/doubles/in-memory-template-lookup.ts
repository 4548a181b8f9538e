import { Injectable } from '@nestjs/common';

import { ReadModels } from '#testing/scenario/read-models.js';

import { TemplateLookup } from '../application/ports.js';
import type { Channel } from '../contract/index.js';
import type { TemplateText } from '../domain/template-text.js';
import { TemplateRow } from '../read-models/template.entity.js';

/** Asks the rows that a story keeps in memory. */
@Injectable()
export class InMemoryTemplateLookup extends TemplateLookup {
  constructor(private readonly readModels: ReadModels) {
    super();
  }

  async find(name: string, channel: Channel): Promise<TemplateText | undefined> {
    const found = this.readModels.rows(TemplateRow).find((row) => row.name === name && row.channel === channel);
    if (!found) return undefined;
    const { topic, subject, body, isActive } = found;
    return { topic, subject, body, isActive };
  }
}
