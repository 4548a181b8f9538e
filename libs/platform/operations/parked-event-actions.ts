import type { Database, Transaction } from '../database/database.js';
import { acting, NotDone } from './not-done.js';
import { record, type Operator } from './operator-actions.js';
import type { Standing } from './parked-commands.js';

interface Row extends Standing {
  readonly event: Buffer;
  readonly policy: string;
  readonly type: string;
  readonly head: string;
}

const locked = {
  name: 'parked_event_actions_locked',
  text: `
    select p.state, p.attempts, p.revision as version, p.event, p.policy, p.type,
      (select h.id from platform.parked_events h where h.policy = p.policy and h.stream = p.stream
        order by h.seq limit 1) as head
    from platform.parked_events p where p.id = $1 for update of p`,
};

const retry = {
  name: 'parked_event_actions_retry',
  text: `
    update platform.parked_events set state = 'retrying', next_attempt_at = null, revision = revision + 1 where id = $1
    returning state, attempts, revision as version`,
};

const remove = { name: 'parked_event_actions_remove', text: 'delete from platform.parked_events where id = $1' };

/** What operators do to events that policies could not handle. */
export class ParkedEventActions {
  constructor(private readonly database: Database) {}

  /**
   * Has its policy try it again, as soon as the context's worker looks.
   * @throws NotDone
   */
  retry(id: string, operator: Operator, expected?: number): Promise<Standing> {
    return acting(this.database, async (transaction) => {
      const { head, ...row } = await this.#row(transaction, id, expected);
      if (row.state === 'blocked' && head !== id) throw new NotDone('waits', head);
      const [after] = await transaction.query<Standing>(retry, [id]);
      await record(transaction, operator, {
        action: 'retry',
        subject: 'parked_event',
        subjectId: id,
        before: before(row),
        after: { ...after },
      });
      return after as Standing;
    });
  }

  /**
   * Has its policy do nothing about it; its stream goes on without it.
   * @throws NotDone
   */
  discard(id: string, operator: Operator, expected?: number): Promise<void> {
    return acting(this.database, async (transaction) => {
      const row = await this.#row(transaction, id, expected);
      await transaction.query(remove, [id]);
      await record(transaction, operator, {
        action: 'discard',
        subject: 'parked_event',
        subjectId: id,
        before: before(row),
        after: { state: 'discarded' },
        envelopeBefore: row.event,
      });
    });
  }

  async #row(transaction: Transaction, id: string, expected: number | undefined): Promise<Row> {
    const [row] = await transaction.query<Row>(locked, [id]);
    if (!row) throw new NotDone('unknown');
    if (expected !== undefined && row.version !== expected) throw new NotDone('changed');
    return row;
  }
}

const before = ({ state, attempts, version, policy, type }: Omit<Row, 'head'>): Record<string, unknown> => ({
  state,
  attempts,
  version,
  policy,
  type,
});
