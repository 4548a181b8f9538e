import { Injectable } from '@nestjs/common';
import { IsBoolean, IsIn, IsInt, IsNumber, IsString, IsUUID } from 'class-validator';

import { Example, IsTime, Message, Nullable, Optional, type Wire } from '#kernel';

import { ReadDatabase } from '../database/read-database.js';
import { Cursors } from '../http/cursors.js';
import { keyset, sortsOf } from '../http/keyset.js';
import { Page, type Paged } from '../http/page.js';
import { notFound } from '../http/problem.js';

const projections = keyset({
  name: 'platform.projections',
  sorts: { name: { expression: 'name', type: 'text' } },
  default: 'name',
});

const states = ['running', 'stopped', 'rebuilding'] as const;
const steps = ['asked', 'filling', 'swapping', 'failed'] as const;

export class ProjectionPage extends Page {
  @Optional() @IsIn(states) readonly state?: string;
  @Optional() @IsString() @Example('tasks') readonly context?: string;
  @Optional() @IsIn(sortsOf(projections)) readonly sort?: string;
}

/** A read model, and what is being done about it. */
export class ProjectionView extends Message<ProjectionView> {
  @IsUUID() readonly id!: string;
  @IsString() @Example('tasks.task_list') readonly name!: string;
  @IsString() @Example('tasks') readonly context!: string;
  /** Written with the command; the others follow the log. */
  @IsBoolean() readonly inline!: boolean;
  /** Of the fold that made its rows. */
  @IsInt() @Example(1) readonly version!: number;
  @IsIn(states) readonly state!: string;
  /** Age in seconds of the oldest event that it has not read; null where it is inline. */
  @Nullable() @IsNumber() readonly lag!: number | null;
  /** Why it has stopped, or why its rows could not be made anew. */
  @Nullable() @IsString() readonly error!: string | null;
  /** The event that it has stopped at. */
  @Nullable() @IsUUID() readonly stoppedEvent!: string | null;
  @Nullable() @IsString() readonly stoppedAt!: string | null;
  @Nullable() @IsIn(steps) readonly rebuild!: string | null;
  /** How many events have been looked at, of about so many. */
  @IsInt() readonly eventsDone!: number;
  @IsInt() readonly eventsTotal!: number;
  /** Events a second. */
  @IsNumber() readonly rate!: number;
  @Nullable() @IsNumber() readonly secondsLeft!: number | null;
  /** When its rows were last made anew. */
  @Nullable() @IsTime() readonly rebuiltAt!: Date | null;
}

const state = `case when p.rebuild in ('asked', 'filling', 'swapping') then 'rebuilding' else p.state end`;

const columns = `p.id, p.name, p.context, p.inline, p.version, ${state} as state,
  case when not p.inline then coalesce((
    select extract(epoch from now() - e.recorded_at)::float8 from platform.events e
    where (e.era, e.xid, e.position) > (
      select coalesce(c.era, 0), coalesce(c.xid, '0'), coalesce(c.position, 0)
      from (select) as one left join platform.checkpoints c on c.name = p.name)
    order by e.era, e.xid, e.position limit 1), 0) end as lag,
  coalesce(p.error, p.rebuild_error) as error, p.stopped_event, p.stopped_place as stopped_at, p.rebuild,
  p.rebuild_done::float8 as events_done, p.rebuild_total::float8 as events_total, round(p.rebuild_rate)::float8 as rate,
  case when p.rebuild = 'filling' and p.rebuild_rate > 0
    then round(((p.rebuild_total - p.rebuild_done) / p.rebuild_rate)::numeric, 1)::float8 end as seconds_left,
  p.rebuilt_at`;

const one = { name: 'projections_one', text: `select ${columns} from platform.projections p where name = $1` };

@Injectable()
export class ProjectionQueries {
  constructor(
    private readonly db: ReadDatabase,
    private readonly cursors: Cursors,
  ) {}

  list(page: ProjectionPage): Promise<Paged<Wire<ProjectionView>>> {
    return projections.page<Wire<ProjectionView>>(this.db, this.cursors, {
      columns,
      from: 'platform.projections p',
      where: [`($1::text is null or ${state} = $1)`, '($2::text is null or context = $2)'],
      values: [page.state, page.context],
      query: page,
    });
  }

  /** @throws Problem 404 */
  async byName(name: string): Promise<Wire<ProjectionView>> {
    const [row] = await this.db.query<Wire<ProjectionView>>(one, [name]);
    if (!row) throw notFound('not_found', `there is no projection ${name}`);
    return row;
  }
}
