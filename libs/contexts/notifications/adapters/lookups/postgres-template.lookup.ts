import { Injectable } from '@nestjs/common';

import { ReadDatabase } from '#platform/database/read-database.js';

import { TemplateLookup } from '../../application/ports.js';
import type { Channel } from '../../contract/index.js';
import type { TemplateText } from '../../domain/template-text.js';

const named = {
  name: 'notifications_template_named',
  text: `
    select topic, subject, body, is_active as "isActive" from notifications.templates
    where name = $1 and channel = $2`,
};

@Injectable()
export class PostgresTemplateLookup extends TemplateLookup {
  constructor(private readonly db: ReadDatabase) {
    super();
  }

  async find(name: string, channel: Channel): Promise<TemplateText | undefined> {
    const [found] = await this.db.query<TemplateText>(named, [name, channel]);
    return found;
  }
}
