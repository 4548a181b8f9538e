import { Injectable } from '@nestjs/common';

import { ReadDatabase } from '#platform/database/read-database.js';

import { CategoryLookup } from '../../application/ports.js';

const usable = {
  name: 'tasks_category_usable',
  text: 'select from tasks.category_list where id = $1 and (owner_id is null or owner_id = $2)',
};

@Injectable()
export class PostgresCategoryLookup extends CategoryLookup {
  constructor(private readonly db: ReadDatabase) {
    super();
  }

  async isUsable(categoryId: string, userId: string): Promise<boolean> {
    const found = await this.db.query(usable, [categoryId, userId]);
    return found.length > 0;
  }
}
