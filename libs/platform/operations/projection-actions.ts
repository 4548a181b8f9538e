import { Injectable } from '@nestjs/common';

import { Database, type Transaction } from '../database/database.js';
import { acting, NotDone } from './not-done.js';
import { record, type ActionName, type Operator } from './operator-actions.js';

interface Standing {
  readonly id: string;
  readonly state: string;
  readonly version: number;
  readonly rebuild: string | null;
  readonly error: string | null;
}

const locked = {
  name: 'projection_actions_locked',
  text: 'select id, state, version, rebuild, error from platform.projections where name = $1 for update',
};

// Whichever version the worker folds that takes it: an operator may want an older one back.
const rebuild = {
  name: 'projection_actions_rebuild',
  text: `
    update platform.projections
    set rebuild = 'asked', rebuild_version = null, rebuild_run = null, rebuild_asked_at = now(), rebuild_started_at = null,
      rebuild_done = 0, rebuild_rate = 0, rebuild_error = null
    where name = $1
    returning id, state, version, rebuild, error`,
};

const resume = {
  name: 'projection_actions_resume',
  text: `
    update platform.projections
    set state = 'running', error = null, stopped_at = null, stopped_event = null, stopped_place = null where name = $1
    returning id, state, version, rebuild, error`,
};

/** What operators do about read models. Workers see it within about a second. */
@Injectable()
export class ProjectionActions {
  constructor(private readonly database: Database) {}

  /**
   * Has its rows made anew from the log, beside those that are shown meanwhile. One that is under way begins again.
   * @throws NotDone
   */
  rebuild(name: string, operator: Operator): Promise<void> {
    return this.#act(name, 'rebuild', operator, async (transaction) =>
      transaction.query<Standing & Row>(rebuild, [name]),
    );
  }

  /**
   * Has one that has stopped try its event again, and go on.
   * @throws NotDone
   */
  resume(name: string, operator: Operator): Promise<void> {
    return this.#act(name, 'resume', operator, async (transaction, { state }) => {
      if (state !== 'stopped') throw new NotDone('running');
      return transaction.query<Standing & Row>(resume, [name]);
    });
  }

  #act(
    name: string,
    action: ActionName,
    operator: Operator,
    work: (transaction: Transaction, before: Standing) => Promise<Standing[]>,
  ): Promise<void> {
    return acting(this.database, async (transaction) => {
      const [row] = await transaction.query<Standing & Row>(locked, [name]);
      if (!row) throw new NotDone('unknown');
      const [after] = await work(transaction, row);
      await record(transaction, operator, {
        action,
        subject: 'projection',
        subjectId: row.id,
        before: { name, ...row },
        after: { name, ...after },
      });
    });
  }
}

type Row = Record<string, unknown>;
