import { Injectable } from '@nestjs/common';

import { Database } from '../database/database.js';
import { acting, NotDone } from './not-done.js';
import { record, type Operator } from './operator-actions.js';

const wish = {
  name: 'worker_actions_wish',
  text: `
    with former as (select id, wish from platform.workers where id = $1 for update)
    update platform.workers w set wish = $2 from former f where w.id = f.id
    returning f.wish as former, w.host, w.pid`,
};

const wishes = { pause: 'pause', drain: 'drain', resume: null } as const;

/** What operators want of workers. They see it with their next heartbeat, within about half a second. */
@Injectable()
export class WorkerActions {
  constructor(private readonly database: Database) {}

  /** @throws NotDone */
  ask(id: string, action: 'pause' | 'drain' | 'resume', operator: Operator): Promise<void> {
    return acting(this.database, async (transaction) => {
      type Row = { former: string | null; host: string; pid: number };
      const [row] = await transaction.query<Row>(wish, [id, wishes[action]]);
      if (!row) throw new NotDone('unknown');
      const { former, host, pid } = row;
      await record(transaction, operator, {
        action,
        subject: 'worker',
        subjectId: id,
        before: { wish: former, host, pid },
        after: { wish: wishes[action] },
      });
    });
  }
}
