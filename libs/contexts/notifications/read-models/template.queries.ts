import { Injectable } from '@nestjs/common';
import { IsArray, IsBoolean, IsIn } from 'class-validator';

import { Example, Optional, type Wire } from '#kernel';
import { ReadDatabase } from '#platform/database/read-database.js';
import { Cursors } from '#platform/http/cursors.js';
import { keyset, sortsOf } from '#platform/http/keyset.js';
import { Page, type Paged } from '#platform/http/page.js';
import type { ResourceQueries } from '#platform/http/resource.js';

import { Channels, type Channel } from '../contract/index.js';
import type { TemplateView } from './template-views.js';

const templates = keyset({
  name: 'notifications.templates',
  sorts: {
    name: { expression: `(name || '/' || channel)`, type: 'text' },
    created_at: { expression: 'created_at', type: 'timestamptz' },
  },
  default: 'name',
});

export class TemplateListPage extends Page {
  @Optional()
  @IsArray()
  @IsIn(Channels, { each: true, context: { reason: 'channel_unknown' } })
  readonly channel?: Channel[];
  @Optional() @IsBoolean() readonly isActive?: boolean;
  @Optional() @IsIn(sortsOf(templates)) @Example('name') readonly sort?: string;
}

const columns = 'id, version, name, channel, topic, subject, body, variables, is_active, created_at, updated_at';

const byId = {
  name: 'templates_by_id',
  text: `select ${columns} from notifications.templates where id = $1`,
};

/** Who may read templates is decided by the routes: administrators. */
@Injectable()
export class TemplateQueries implements ResourceQueries<Wire<TemplateView>> {
  constructor(
    private readonly db: ReadDatabase,
    private readonly cursors: Cursors,
  ) {}

  async byId(id: string): Promise<Wire<TemplateView> | undefined> {
    const [found] = await this.db.query<Wire<TemplateView>>(byId, [id]);
    return found;
  }

  list(page: TemplateListPage): Promise<Paged<Wire<TemplateView>>> {
    return templates.page<Wire<TemplateView>>(this.db, this.cursors, {
      columns,
      from: 'notifications.templates',
      where: ['($1::text[] is null or channel = any($1))', '($2::boolean is null or is_active = $2)'],
      values: [page.channel, page.isActive],
      query: page,
    });
  }
}
