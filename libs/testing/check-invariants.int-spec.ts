import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';

import { taskList } from '#contexts/tasks/read-models/task-list.projection.js';
import { newId } from '#kernel';

import { everyCommandEnds } from './invariants/every-command-ends.js';
import { everyEventTold } from './invariants/every-event-told.js';
import type { Evidence, Invariant } from './invariants/evidence.js';
import { foldedReadModels } from './invariants/folded-read-models.js';
import { gaplessStreams } from './invariants/gapless-streams.js';
import { idleDatabase } from './invariants/idle-database.js';
import { oneCommandAKey } from './invariants/one-command-a-key.js';
import { oneEffect } from './invariants/one-effect.js';
import { orderOfLanes } from './invariants/order-of-lanes.js';
import { Ledger } from './ledger.js';
import { sharedServers } from './servers.js';
import { TestBroker } from './test-broker.js';
import { TestDatabase } from './test-database.js';
import type { ToldEvent } from './told-events.js';

const invariants: readonly Invariant[] = [
  everyCommandEnds,
  oneEffect,
  gaplessStreams,
  everyEventTold,
  foldedReadModels,
  orderOfLanes,
  idleDatabase,
  oneCommandAKey,
];
const at = '2026-03-01T10:00:00.000Z';

describe('The invariants', () => {
  let database: TestDatabase;
  let ledger: Ledger;
  let task: string;
  let commands: { create: string; start: string; complete: string };
  let told: ToldEvent[];
  /** Something of the database that a process could have left behind. */
  let left: pg.Client | undefined;

  beforeAll(async () => {
    database = await TestDatabase.create(sharedServers().databaseUrl);
  });
  afterAll(() => database?.drop());

  beforeEach(async () => {
    await database.query(
      'truncate platform.commands, platform.parked_commands, platform.events, tasks.task_list, tasks.category_list',
    );
    ledger = new Ledger();
    task = newId();
    commands = { create: newId(), start: newId(), complete: newId() };
    told = [1, 2, 3].map((sequence) => ({
      id: `event ${sequence}`,
      streamtype: 'tasks.task',
      subject: task,
      sequence: String(sequence),
    }));
    const user = newId();
    const common = { task_id: task, user_id: user, title: 'a task' };
    const events = [
      ['task.created.v1', { ...common, description: '', priority: 'low', status: 'pending' }],
      ['task.started.v1', { ...common, started_at: at }],
      ['task.completed.v1', { ...common, priority: 'low', completed_at: at }],
    ] as const;
    for (const [index, [step, id]] of Object.entries(commands).entries()) {
      accepted(step, id);
      await settled(id, 'succeeded');
      const [type, data] = events[index] as (typeof events)[number];
      await database.query(
        `insert into platform.events (stream_type, stream_id, version, type, data, metadata, occurred_at)
         values ('tasks.task', $1, $2, $3, $4, $5, $6)`,
        [task, index + 1, type, data, { command_id: id, actor: user }, at],
      );
    }
    await database.query(
      `insert into tasks.task_list values ($1, 3, $2, 'a task', '', 'completed', 'low', null, $3, $3, $3, null, 1)`,
      [task, user, at],
    );
  });

  afterEach(async () => {
    await left?.end();
    left = undefined;
  });

  async function leave(statement: string): Promise<void> {
    left = new pg.Client({ connectionString: database.url });
    await left.connect();
    await left.query(statement);
  }

  const accepted = (key: string, commandId: string, resourceId = task): void =>
    ledger.record({ key, userId: 'somebody', path: '/tasks' }, { outcome: 'ok', status: 202, commandId, resourceId });

  const settled = (id: string, status: string): Promise<unknown> =>
    database.query(
      `insert into platform.commands (id, type, context, lane, resource_id, author, status, attempts, accepted_at)
       values ($1, 'tasks.some_command.v1', 'tasks', $2, $2, 'somebody', $3, 1, $4)`,
      [id, task, status, at],
    );

  async function findings(): Promise<string> {
    const evidence: Evidence = {
      ledger,
      database,
      broker: new TestBroker('amqp://unused'),
      processes: [],
      projections: [taskList],
      contexts: ['tasks'],
      expected: {},
      told: () => told,
      // Nothing is on its way here.
      patience: 100,
    };
    return (await Promise.all(invariants.map((invariant) => invariant(evidence)))).flat().join('\n');
  }

  it('are content with a log, read models and outcomes that agree', async () => {
    expect(await findings()).toBe('');
  });

  it.each([
    [
      'an accepted command without an outcome',
      'I1: 1 accepted commands are lost',
      async () => accepted('more', newId()),
    ],
    [
      'an outcome that nobody expects',
      'I1: 1 accepted commands are rejected instead of succeeded',
      () => database.query(`update platform.commands set status = 'rejected' where id = $1`, [commands.start]),
    ],
    [
      'a command that is settled and parked',
      'I1: 1 accepted commands are succeeded and dead',
      () =>
        database.query(
          `insert into platform.parked_commands (id, type, context, lane, lane_hash, resource_id, author, state, envelope,
             attempts, release, accepted_at)
           values ($1, 'tasks.some_command.v1', 'tasks', $2, 0, $2, 'somebody', 'dead', '', 1, '1', $3)`,
          [commands.start, task, at],
        ),
    ],
    [
      'a second effect',
      'I2: 1 commands had two effects',
      () =>
        database.query(
          `insert into platform.events (stream_type, stream_id, version, type, data, metadata, occurred_at)
           select stream_type, stream_id, 4, type, data, metadata, occurred_at from platform.events where version = 3`,
        ),
    ],
    [
      'an effect of a rejected command',
      'I2: 1 commands made events and did not succeed',
      () => database.query(`update platform.commands set status = 'rejected' where id = $1`, [commands.complete]),
    ],
    ['a success without an effect', 'I2: 1 commands succeeded in nothing', () => settled(newId(), 'succeeded')],
    ['a command that nobody sent', 'I2: 1 stored commands were never answered 202', () => settled(newId(), 'rejected')],
    [
      'a gap in a stream',
      'I3: 1 streams have gaps',
      () => database.query('update platform.events set version = 5 where version = 3'),
    ],
    ['an event that was not told', 'I5: 1 of 3 events were not told', async () => void told.pop()],
    [
      'a told event that is not in the log',
      'I5: 1 told events are not in the log',
      async () => void told.push({ ...(told[0] as ToldEvent), id: 'event 4', sequence: '4' }),
    ],
    [
      'an event that overtook two others',
      'I5: 2 events were overtaken',
      async () => void told.unshift(told.pop() as ToldEvent),
    ],
    [
      'a row that the log does not tell',
      'I6: 1 rows of tasks.task_list differ',
      () => database.query(`update tasks.task_list set status = 'pending'`),
    ],
    [
      'a row that shows an old version',
      'I6: 1 rows of tasks.task_list differ',
      () => database.query('update tasks.task_list set version = 2'),
    ],
    ['a missing row', 'I6: 1 rows of tasks.task_list differ', () => database.query('delete from tasks.task_list')],
    [
      'a row without events',
      'I6: 1 rows of tasks.task_list have no events',
      () =>
        database.query(
          `insert into tasks.task_list
           select $1, version, user_id, title, description, status, priority, due_date, completed_at, created_at, updated_at,
             category_id, priority_rank
           from tasks.task_list`,
          [newId()],
        ),
    ],
    [
      'effects in another order than was promised',
      'I8: 1 aggregates saw their commands out of order',
      () =>
        database.query(
          `update platform.events set metadata = jsonb_set(metadata, '{command_id}', to_jsonb(case version when 2 then $1 else $2 end))
           where version > 1`,
          [commands.complete, commands.start],
        ),
    ],
    ['a lock that somebody keeps', 'I9:', () => leave('select pg_advisory_lock(1)')],
    ['a transaction that somebody keeps open', 'I9:', () => leave('begin')],
    ['a key of two commands', 'I10: 1 keys became several commands', async () => accepted('start', newId())],
    [
      'a command of two keys',
      'I10: 1 commands answer to several keys',
      async () => accepted('another key', commands.start),
    ],
  ])('notice %s', async (_, sentence, damage) => {
    await damage();
    expect(await findings()).toContain(sentence);
  });
});
