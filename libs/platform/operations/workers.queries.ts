import { Injectable } from '@nestjs/common';
import { IsArray, IsIn, IsInt, IsNumber, IsString, IsUUID } from 'class-validator';

import { Example, IsTime, Message, Optional, type Wire } from '#kernel';

import { alive } from '../database/alive.js';
import { ReadDatabase } from '../database/read-database.js';
import { Cursors } from '../http/cursors.js';
import { keyset, sortsOf } from '../http/keyset.js';
import { Page, type Paged } from '../http/page.js';
import { notFound } from '../http/problem.js';

const workers = keyset({
  name: 'platform.workers',
  sorts: {
    started_at: { expression: 'started_at', type: 'timestamptz' },
    seen_at: { expression: 'seen_at', type: 'timestamptz' },
  },
  default: 'started_at',
});

const states = ['working', 'paused', 'draining', 'drained', 'gone'] as const;

export class WorkerPage extends Page {
  @Optional() @IsIn(states) readonly state?: string;
  @Optional() @IsString() @Example('tasks') readonly context?: string;
  @Optional() @IsIn(sortsOf(workers)) readonly sort?: string;
}

/** A worker process. `gone`: it has been silent for 4 seconds. */
export class WorkerView extends Message<WorkerView> {
  @IsUUID() readonly id!: string;
  @IsString() readonly host!: string;
  @IsInt() readonly pid!: number;
  @IsString() @Example('0.1.0') readonly release!: string;
  @IsArray() @IsString({ each: true }) readonly contexts!: readonly string[];
  @IsIn(states) readonly state!: string;
  /** Names of what it holds: partitions, event queues, duties. */
  @IsArray() @IsString({ each: true }) readonly slots!: readonly string[];
  /** Commands settled since its start. */
  @IsInt() readonly handled!: number;
  /** Commands a second, over its last few heartbeats. */
  @IsNumber() readonly throughput!: number;
  @IsTime() readonly startedAt!: Date;
  @IsTime() readonly seenAt!: Date;
}

const state = `case
    when not ${alive('w')} then 'gone'
    when w.wish = 'pause' then 'paused'
    when w.wish = 'drain' and cardinality(w.slots) > 0 then 'draining'
    when w.wish = 'drain' then 'drained'
    else 'working' end`;

const columns = `id, host, pid, release, contexts, ${state} as state, slots, handled::float8 as handled,
  round((case when ${alive('w')} then throughput else 0 end)::numeric, 1)::float8 as throughput, started_at, seen_at`;

const one = { name: 'workers_one', text: `select ${columns} from platform.workers w where id = $1` };

@Injectable()
export class WorkerQueries {
  constructor(
    private readonly db: ReadDatabase,
    private readonly cursors: Cursors,
  ) {}

  list(page: WorkerPage): Promise<Paged<Wire<WorkerView>>> {
    return workers.page<Wire<WorkerView>>(this.db, this.cursors, {
      columns,
      from: 'platform.workers w',
      where: [`($1::text is null or ${state} = $1)`, '($2::text is null or $2 = any(contexts))'],
      values: [page.state, page.context],
      query: page,
    });
  }

  /** @throws Problem 404 */
  async byId(id: string): Promise<Wire<WorkerView>> {
    const [row] = await this.db.query<Wire<WorkerView>>(one, [id]);
    if (!row) throw notFound('not_found', `there is no worker ${id}`);
    return row;
  }
}
