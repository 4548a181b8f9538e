import { Injectable } from '@nestjs/common';

import { ReadDatabase } from '../database/read-database.js';
import type { CommandResult } from '../messaging/outcome.js';
import type { Rejection } from '../messaging/rejection.js';

/** A command that has been stored anywhere. */
export interface StoredCommand {
  readonly author: string;
  readonly type: string;
  readonly resource_id: string;
  readonly status: 'accepted' | 'succeeded' | 'rejected' | 'discarded' | 'retrying' | 'blocked' | 'dead' | 'scheduled';
  readonly accepted_at: Date;
  readonly settled_at: Date | null;
  readonly attempts: number;
  readonly problem: Rejection | null;
  readonly result: CommandResult | null;
  readonly blocked_by: string | null;
  /** When a scheduled command is to be sent. */
  readonly due_at: Date | null;
  /** When a scheduled command was sent; until it is settled it keeps its row. */
  readonly published_at: Date | null;
  /** When a command that has failed is tried again. */
  readonly next_attempt_at: Date | null;
  /** Where a settled command stands in the log; null where that was not kept. */
  readonly era: number | null;
  readonly xid: string | null;
}

const statement = {
  name: 'command_status',
  text: `
    select author, type, resource_id, status, accepted_at, settled_at, attempts, problem, result, null as blocked_by,
      null::timestamptz as due_at, null::timestamptz as published_at,
      null::timestamptz as next_attempt_at, era, xid::text
    from platform.commands where id = $1
    union all
    select p.author, p.type, p.resource_id, case p.state when 'unsupported' then 'retrying' else p.state end, p.accepted_at,
      null, p.attempts, null, null,
      case p.state when 'blocked' then
        (select h.id from platform.parked_commands h where h.context = p.context and h.lane = p.lane order by h.seq limit 1)
      end, null, null, p.next_attempt_at, null, null
    from platform.parked_commands p
    where p.id = $1 and not exists (select from platform.commands c where c.id = p.id)
    union all
    select s.author, s.type, s.resource_id, case when s.published_at is null then 'scheduled' else 'accepted' end,
      s.scheduled_at, null, 0, null, null, null, case when s.published_at is null then s.due_at end,
      s.published_at, null, null, null
    from platform.scheduled_commands s
    where s.id = $1 and not exists (select from platform.commands c where c.id = s.id)
      and not exists (select from platform.parked_commands p where p.id = s.id)`,
};

@Injectable()
export class CommandStatusQueries {
  constructor(private readonly db: ReadDatabase) {}

  /** One statement over all the places where a command can be. */
  async byId(id: string): Promise<StoredCommand | undefined> {
    const [row] = await this.db.query<StoredCommand>(statement, [id]);
    return row;
  }
}
