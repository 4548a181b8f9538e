import { Injectable } from '@nestjs/common';
import { IsIn } from 'class-validator';

import { Example, Optional, type Wire } from '#kernel';
import type { AuthenticatedUser } from '#platform/auth/authenticated-user.js';
import { ReadDatabase } from '#platform/database/read-database.js';
import { Cursors } from '#platform/http/cursors.js';
import { keyset, sortsOf } from '#platform/http/keyset.js';
import { Page, type Paged } from '#platform/http/page.js';
import type { ResourceQueries } from '#platform/http/resource.js';

import { CategoryDetails, CategoryView } from './category-views.js';

const categories = keyset({
  name: 'tasks.categories',
  sorts: {
    name: { expression: 'lower(name)', type: 'text' },
    created_at: { expression: 'created_at', type: 'timestamptz' },
  },
  default: 'name',
});

export class CategoryListPage extends Page {
  @Optional() @IsIn(sortsOf(categories)) @Example('name') readonly sort?: string;
}

const columns = 'id, version, owner_id, name, description, color, created_at, updated_at';

const byId = {
  name: 'categories_by_id',
  text: `
    select ${columns}, (
      select count(*)::int from tasks.task_list where category_id = category.id and user_id = $2
    ) as task_count
    from tasks.category_list as category
    where id = $1 and (owner_id is null or owner_id = $2 or $3)`,
};

/** Everybody reads the built-in categories and their own, administrators single ones of others too. */
@Injectable()
export class CategoryQueries implements ResourceQueries<Wire<CategoryDetails>> {
  constructor(
    private readonly db: ReadDatabase,
    private readonly cursors: Cursors,
  ) {}

  async byId(id: string, { id: reader, roles }: AuthenticatedUser): Promise<Wire<CategoryDetails> | undefined> {
    const [category] = await this.db.query<Wire<CategoryDetails>>(byId, [id, reader, roles.includes('admin')]);
    return category;
  }

  list(page: CategoryListPage, reader: AuthenticatedUser): Promise<Paged<Wire<CategoryView>>> {
    return categories.page<Wire<CategoryView>>(this.db, this.cursors, {
      columns,
      from: 'tasks.category_list',
      where: ['(owner_id is null or owner_id = $1)'],
      values: [reader.id],
      query: page,
    });
  }
}
