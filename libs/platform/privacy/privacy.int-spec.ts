import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IsString, IsUUID } from 'class-validator';

import {
  Aggregate,
  AlreadyExists,
  Command,
  DomainError,
  Event,
  fold,
  Message,
  Nullable,
  on,
  Personal,
  Secret,
} from '#kernel';
import { belowHorizon } from '#testing/below-horizon.js';
import { ConnectedDatabase } from '#testing/doubles/connected-database.js';
import { sampleEnvelope } from '#testing/doubles/sample-envelope.js';
import { privacyOf } from '#testing/privacy.js';

import type { Database } from '../database/database.js';
import { EventStore } from '../engine/event-store.js';
import { GroupCommit } from '../engine/group-commit.js';
import { InlineProjections } from '../engine/inline-projections.js';
import { Parking } from '../engine/parking.js';
import { UnitOfWork } from '../engine/unit-of-work.js';
import { LogReader } from '../event-log/log-reader.js';
import { EnvelopeSeal } from '../messaging/envelope.js';
import { systemEnvelope } from '../messaging/system-envelope.js';
import { ParkedCommands } from '../operations/parked-commands.js';
import { ParkedEvents } from '../policies/parked-events.js';
import { ScheduledCommands } from '../scheduling/scheduled-commands.js';
import type { Privacy } from './privacy.js';

@Command('diary.open_diary.v1', 'diaryId', { subject: 'writerId' })
class OpenDiary extends Message<OpenDiary> {
  @IsUUID() readonly diaryId!: string;
  @IsUUID() readonly writerId!: string;
  @IsString() readonly color!: string;
  @Personal() @IsString() readonly writer!: string;
  @Secret() @IsString() readonly lock!: string;
}

@Event('diary.opened.v1', 'diaryId', { subject: 'writerId' })
class DiaryOpened extends Message<DiaryOpened> {
  @IsUUID() readonly diaryId!: string;
  @IsUUID() readonly writerId!: string;
  @IsString() readonly color!: string;
  @Personal() @IsString() readonly writer!: string;
  @Personal() @Nullable() @IsString() readonly nickname!: string | null;
}

@Event('diary.locked.v1', 'diaryId', { private: true })
class DiaryLocked extends Message<DiaryLocked> {
  @IsUUID() readonly diaryId!: string;
  @Secret() @IsString() readonly lock!: string;
}

@Event('diary.writer_forgotten.v1', 'diaryId', { subject: 'writerId', forgets: true })
class WriterForgotten extends Message<WriterForgotten> {
  @IsUUID() readonly diaryId!: string;
  @IsUUID() readonly writerId!: string;
}

class NoDiary extends DomainError {
  readonly kind = 'not_found';
  readonly reason = 'diary_not_found';
}

interface DiaryState {
  readonly writer: string;
  readonly nickname: string | null;
  readonly lock?: string;
}

class Diary extends Aggregate<DiaryState> {
  static readonly streamType = 'diary.diary';
  static readonly NotFound = NoDiary;
  static readonly AlreadyExists = AlreadyExists;

  protected readonly evolve = fold<DiaryState>(
    on(DiaryOpened, (_, { writer, nickname }) => ({ writer, nickname })),
    on(DiaryLocked, (diary, { lock }) => ({ ...diary, lock })),
    on(WriterForgotten, (diary) => diary),
  );
}

const canaries = ['canary-writer', 'canary-nickname', 'canary-lock'];

let world: ConnectedDatabase;
let database: Database;
let privacy: Privacy;
let group: GroupCommit;
let store: EventStore;

beforeAll(async () => {
  world = await ConnectedDatabase.create();
  database = await world.connect();
  privacy = privacyOf(database);
  group = new GroupCommit(database, new InlineProjections(database, []), randomUUID(), privacy);
  store = new EventStore(database, privacy);
});
afterAll(() => world.remove());

const someone = () => ({ diaryId: randomUUID(), writerId: randomUUID() });

const opening = (ids: ReturnType<typeof someone>) =>
  systemEnvelope(
    new OpenDiary({ ...ids, color: 'red', writer: 'canary-writer', lock: 'canary-lock' }),
    { ...sampleEnvelope(), id: randomUUID() },
    privacy,
  );

function unit(ids: ReturnType<typeof someone>, version: number, events: readonly object[]): UnitOfWork {
  const made = new UnitOfWork(opening(ids), false, 1);
  made.stream = { type: Diary, id: ids.diaryId, version, occurredAt: undefined } as UnitOfWork['stream'];
  made.events = [...events];
  return made;
}

const opened = (ids: ReturnType<typeof someone>) => [
  new DiaryOpened({ ...ids, color: 'red', writer: 'canary-writer', nickname: 'canary-nickname' }),
  new DiaryLocked({ diaryId: ids.diaryId, lock: 'canary-lock' }),
];

const load = async ({ diaryId }: ReturnType<typeof someone>) => (await store.load({ type: Diary, id: diaryId })).state;

/** All that the platform's tables hold, as text. */
async function everything(): Promise<string> {
  const tables = await world.rows.query<{ name: string }>(
    `select format('platform.%I', table_name) as name from information_schema.tables where table_schema = 'platform'`,
  );
  const texts = await Promise.all(
    tables.map(({ name }) => world.rows.query<{ row: string }>(`select t::text as row from ${name} t`)),
  );
  return texts
    .flat()
    .map(({ row }) => row + row.replaceAll(/\\x([0-9a-f]+)/g, (_, hex: string) => Buffer.from(hex, 'hex').toString()))
    .join('\n');
}

describe('What a message says in confidence', () => {
  it('is nowhere to be read in the tables, and comes back from the log as it was', async () => {
    const ids = someone();
    await group.write([unit(ids, 0, opened(ids))]);
    const waiting = opening(ids);
    const parking = new Parking(database, randomUUID(), '1');
    const properties = { messageId: waiting.id, type: waiting.type, correlationId: 'c', headers: {} };
    await parking.park({ properties, envelope: waiting, state: 'dead', attempts: 3 });
    const source = { stream: 'diary.diary x', version: 1 };
    await new ScheduledCommands(database).schedule(opening(ids), new Date('2100-01-01'), source);
    const all = await everything();
    expect(canaries.filter((canary) => all.includes(canary))).toEqual([]);
    expect(all).toContain('red');
    expect(await load(ids)).toEqual({ writer: 'canary-writer', nickname: 'canary-nickname', lock: 'canary-lock' });
  });

  it('is gone from the journal where it was a secret, and sealed for its person where it was personal', async () => {
    const ids = someone();
    const written = unit(ids, 0, opened(ids));
    await group.write([written]);
    const { payload } = await world.rows.one<{ payload: object }>(
      'select payload from platform.commands where id = $1',
      [written.envelope.id],
    );
    expect(payload).toEqual({
      diary_id: ids.diaryId,
      writer_id: ids.writerId,
      color: 'red',
      writer: expect.stringMatching(`^sealed:v1:subject.${ids.writerId}:`),
    });
  });

  it('reaches subscribers of public events as it was', async () => {
    const ids = someone();
    await group.write([unit(ids, 0, opened(ids))]);
    await belowHorizon(world.rows);
    const { events } = await new LogReader(database, privacy).beyond({ era: 0, xid: '0', position: '0' }, 1_000);
    const [event] = events.filter(({ stream_id, version }) => stream_id === ids.diaryId && version === 1);
    expect(event?.data).toMatchObject({ writer: 'canary-writer', nickname: 'canary-nickname' });
  });

  it('is sealed in an event that is parked, and comes back with it', async () => {
    const ids = someone();
    const parked = new ParkedEvents(database, privacy);
    const event = {
      specversion: '1.0' as const,
      id: randomUUID(),
      source: '/contextflow/diary',
      type: 'diary.opened.v1',
      subject: ids.diaryId,
      time: '2026-01-01T00:00:00.000Z',
      datacontenttype: 'application/json' as const,
      sequence: '1',
      streamtype: 'diary.diary',
      actor: 'a',
      correlationid: 'c',
      causationid: 'c',
      data: { diary_id: ids.diaryId, writer_id: ids.writerId, writer: 'canary-writer', color: 'red', nickname: null },
    };
    await parked.park({ context: 'diary', policy: 'p', event, state: 'dead', attempts: 3 });
    const all = await everything();
    expect(canaries.filter((canary) => all.includes(canary))).toEqual([]);
    expect((await parked.next('p', `diary.diary ${ids.diaryId}`))?.event).toEqual(event);
  });
});

describe('A person who is forgotten', () => {
  it('is not in the log any more, and the rest of the log is as it was', async () => {
    const [ids, other] = [someone(), someone()];
    await group.write([unit(ids, 0, opened(ids)), unit(other, 0, opened(other))]);
    await group.write([unit(ids, 2, [new WriterForgotten(ids)])]);
    expect(await load(ids)).toEqual({ writer: '', nickname: null, lock: 'canary-lock' });
    expect(await load(other)).toMatchObject({ writer: 'canary-writer' });
  });

  it('gets no second key: what is still said of him is unreadable from the start', async () => {
    const ids = someone();
    await group.write([unit(ids, 0, opened(ids))]);
    await group.write([unit(ids, 2, [new WriterForgotten(ids)])]);
    const later = { ...ids, diaryId: randomUUID() };
    await group.write([unit(later, 0, opened(later))]);
    expect(await load(later)).toMatchObject({ writer: '' });
  });

  it('stays known when the forgetting was not committed', async () => {
    const ids = someone();
    await group.write([unit(ids, 0, opened(ids))]);
    await expect(group.write([unit(ids, 1, [new WriterForgotten(ids)])])).rejects.toThrow('events_stream_version');
    expect(await load(ids)).toMatchObject({ writer: 'canary-writer' });
  });

  it('takes along what waits for its turn and is about him', async () => {
    const ids = someone();
    await group.write([unit(ids, 0, opened(ids))]);
    const [parked, scheduled] = [opening(ids), opening(ids)];
    const properties = { messageId: parked.id, type: parked.type, correlationId: 'c', headers: {} };
    await new Parking(database, randomUUID(), '1').park({ properties, envelope: parked, state: 'dead', attempts: 3 });
    const source = { stream: 'diary.diary y', version: 1 };
    await new ScheduledCommands(database).schedule(scheduled, new Date('2100-01-01'), source);
    await group.write([unit(ids, 2, [new WriterForgotten(ids)])]);
    const ends = await world.rows.query<{ status: string; payload: unknown }>(
      'select status, payload from platform.commands where id = any($1)',
      [[parked.id, scheduled.id]],
    );
    expect(ends).toEqual([
      { status: 'discarded', payload: null },
      { status: 'discarded', payload: null },
    ]);
    expect((await world.rows.query('select from platform.parked_commands where id = $1', [parked.id])).length).toBe(0);
  });

  it('is in no message any more that an operator has thrown away', async () => {
    const ids = someone();
    const parked = opening(ids);
    const properties = { messageId: parked.id, type: parked.type, correlationId: 'c', headers: {} };
    await new Parking(database, randomUUID(), '1').park({ properties, envelope: parked, state: 'dead', attempts: 3 });
    const operator = { id: randomUUID(), reason: 'not wanted', correlationId: 'c' };
    await new ParkedCommands(database, new EnvelopeSeal(`one:${'s'.repeat(32)}`)).discard(parked.id, operator);
    const kept = async () =>
      (
        await world.rows.query<{ kept: boolean }>(
          'select envelope_before is not null as kept from platform.operator_actions where subject_id = $1',
          [parked.id],
        )
      ).map(({ kept: is }) => is);
    expect(await kept()).toEqual([true]);
    await group.write([unit(ids, 0, [new WriterForgotten(ids)])]);
    expect(await kept()).toEqual([false]);
  });
});
