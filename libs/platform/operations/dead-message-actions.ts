import { Injectable } from '@nestjs/common';

import { Database } from '../database/database.js';
import { acting, NotDone } from './not-done.js';
import { record, type Operator } from './operator-actions.js';

const remove = {
  name: 'dead_message_actions_remove',
  text: 'delete from platform.dead_messages where id = $1 returning queue, reason, seen',
};

interface Removed {
  readonly queue: string;
  readonly reason: string;
  readonly seen: number;
}

/** What operators do to messages that nobody is known to have sent. */
@Injectable()
export class DeadMessageActions {
  constructor(private readonly database: Database) {}

  /** @throws NotDone */
  discard(id: string, operator: Operator): Promise<void> {
    return acting(this.database, async (transaction) => {
      const [removed] = await transaction.query<Removed>(remove, [id]);
      if (!removed) throw new NotDone('unknown');
      const { queue, reason, seen } = removed;
      await record(transaction, operator, {
        action: 'discard',
        subject: 'dead_message',
        subjectId: id,
        before: { queue, reason, seen },
        after: { state: 'discarded' },
      });
    });
  }
}
