import { Injectable } from '@nestjs/common';

import { ReadDatabase } from '#platform/database/read-database.js';

import { BelongingsLookup, type Belongings } from '../../application/ports.js';

const belongings = {
  name: 'tasks_belongings_of',
  text: `
    select array(select id from tasks.task_list where user_id = $1 order by id) as "taskIds",
      array(select id from tasks.category_list where owner_id = $1 order by id) as "categoryIds"`,
};

@Injectable()
export class PostgresBelongingsLookup extends BelongingsLookup {
  constructor(private readonly db: ReadDatabase) {
    super();
  }

  async of(userId: string): Promise<Belongings> {
    const [found] = await this.db.query<Belongings>(belongings, [userId]);
    return found as Belongings;
  }
}
