import type { MigrationInterface, QueryRunner } from 'typeorm';

export class EventLog1764000300000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // The log is read in this order: one index serves as key and for the readers.
    await db.query('alter table platform.events drop constraint events_pkey');
    await db.query('alter table platform.events add constraint events_pkey primary key (era, xid, position)');

    // The era that is written now, and the cluster in which its transaction ids count.
    await db.query(`
      create table platform.log (
        single boolean primary key default true check (single),
        era int not null,
        system_identifier bigint not null
      )`);
    await db.query(`
      insert into platform.log (era, system_identifier)
      select 1, system_identifier from pg_control_system()`);

    await db.query(`
      create table platform.checkpoints (
        name text primary key,
        era int not null,
        xid xid8 not null,
        position bigint not null,
        moved_at timestamptz not null default now()
      ) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500)`);

    // Event queues that were lost and wait for the relay to fill them again.
    await db.query(`
      create table platform.replays (
        context text primary key,
        types text[] not null,
        era int not null,
        xid xid8 not null,
        position bigint not null,
        asked_at timestamptz not null default now()
      )`);

    // A row is its stream's lock for that policy: later events of the stream wait behind it, in the order of seq.
    await db.query(`
      create table platform.parked_events (
        policy text not null,
        event_id uuid not null,
        seq bigint generated always as identity,
        context text not null,
        stream text not null,
        type text not null,
        event bytea not null,
        state text not null check (state in ('retrying', 'blocked', 'unsupported', 'dead')),
        attempts int not null,
        error text,
        stack text,
        next_attempt_at timestamptz,
        parked_at timestamptz not null default now(),
        primary key (policy, event_id)
      )`);
    await db.query('create index parked_events_stream on platform.parked_events (policy, stream, seq)');

    await db.query(`
      create table platform.scheduled_commands (
        id uuid primary key,
        seq bigint generated always as identity,
        type text not null,
        context text not null,
        lane text not null,
        resource_id text not null,
        author text not null,
        roles text[] not null,
        payload bytea not null,
        correlation_id text not null,
        trace_parent text,
        source_stream text,
        source_version int,
        due_at timestamptz not null,
        scheduled_at timestamptz not null default now(),
        published_at timestamptz
      ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500)`);
    await db.query(`
      create index scheduled_commands_due on platform.scheduled_commands (due_at, seq) where published_at is null`);
    await db.query('create index scheduled_commands_lane on platform.scheduled_commands (lane, type)');
  }

  async down(db: QueryRunner): Promise<void> {
    for (const table of ['scheduled_commands', 'parked_events', 'replays', 'checkpoints', 'log'])
      await db.query(`drop table platform.${table}`);
    await db.query('alter table platform.events drop constraint events_pkey');
    await db.query('alter table platform.events add constraint events_pkey primary key (position)');
  }
}
