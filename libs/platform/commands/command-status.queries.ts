import { Injectable } from '@nestjs/common';

import { ReadDatabase } from '../database/read-database.js';
import type { CommandResult } from '../messaging/outcome.js';
import type { Rejection } from '../messaging/rejection.js';

/** A command that has been stored anywhere. */
export interface StoredCommand {
  readonly author: string;
  readonly type: string;
  readonly resource_id: string;
  readonly status: 'succeeded' | 'rejected' | 'discarded' | 'retrying' | 'blocked' | 'dead';
  readonly accepted_at: Date;
  readonly settled_at: Date | null;
  readonly attempts: number;
  readonly problem: Rejection | null;
  readonly result: CommandResult | null;
  readonly blocked_by: string | null;
}

const statement = {
  name: 'command_status',
  text: `
    select author, type, resource_id, status, accepted_at, settled_at, attempts, problem, result, null as blocked_by
    from platform.commands where id = $1
    union all
    select p.author, p.type, p.resource_id, case p.state when 'unsupported' then 'retrying' else p.state end, p.accepted_at,
      null, p.attempts, null, null,
      case p.state when 'blocked' then
        (select h.id from platform.parked_commands h where h.context = p.context and h.lane = p.lane order by h.seq limit 1)
      end
    from platform.parked_commands p
    where p.id = $1 and not exists (select from platform.commands c where c.id = p.id)`,
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
