import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Platform1764000000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table platform.contexts (
        name text primary key,
        partitions int not null check (partitions between 1 and 1024),
        created_at timestamptz not null default now()
      )`);

    await db.query(`
      create table platform.workers (
        id uuid primary key,
        host text not null,
        pid int not null,
        release text not null,
        contexts text[] not null,
        slots text[] not null default '{}',
        handled bigint not null default 0,
        started_at timestamptz not null default now(),
        seen_at timestamptz not null default now()
      ) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500)`);

    // The inbox, the audit journal and the status resource in one: every accepted command ends as one row here.
    await db.query(`
      create table platform.commands (
        id uuid primary key,
        key_hash bytea unique,
        type text not null,
        context text not null,
        lane text not null,
        resource_id text not null,
        author text not null,
        fingerprint bytea,
        payload jsonb,
        status text not null check (status in ('succeeded', 'rejected', 'discarded')),
        result jsonb,
        problem jsonb,
        attempts int not null,
        worker uuid,
        correlation_id text,
        trace_parent text,
        accepted_at timestamptz not null,
        settled_at timestamptz not null default now()
      )`);

    await db.query(`
      create table platform.events (
        position bigint generated always as identity primary key,
        stream_type text not null,
        stream_id uuid not null,
        version int not null check (version > 0),
        type text not null,
        data jsonb not null,
        metadata jsonb not null,
        occurred_at timestamptz not null,
        era int not null default 1,
        xid xid8 not null default pg_current_xact_id(),
        recorded_at timestamptz not null default now(),
        constraint events_stream_version unique (stream_type, stream_id, version)
      )`);

    // A row is its lane's lock: later commands of the lane wait behind it, in the order of seq.
    await db.query(`
      create table platform.parked_commands (
        id uuid primary key,
        seq bigint generated always as identity,
        type text not null,
        context text not null,
        lane text not null,
        lane_hash bigint not null,
        resource_id text not null,
        author text not null,
        state text not null check (state in ('retrying', 'blocked', 'unsupported', 'dead')),
        envelope bytea not null,
        error text,
        stack text,
        attempts int not null,
        release text not null,
        next_attempt_at timestamptz,
        accepted_at timestamptz not null,
        parked_at timestamptz not null default now()
      ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500)`);
    await db.query(`create index parked_commands_lane on platform.parked_commands (context, lane, seq)`);

    // An open row whose process is gone is a death that the command may have caused.
    await db.query(`
      create table platform.attempts (
        command_id uuid not null,
        process uuid not null,
        started_at timestamptz not null default now(),
        primary key (command_id, process)
      ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500)`);

    await db.query(`
      create table platform.dead_messages (
        digest bytea primary key,
        queue text not null,
        reason text not null,
        properties bytea not null,
        body bytea not null,
        seen int not null default 1,
        first_seen_at timestamptz not null default now(),
        last_seen_at timestamptz not null default now()
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    for (const table of ['dead_messages', 'attempts', 'parked_commands', 'events', 'commands', 'workers', 'contexts'])
      await db.query(`drop table platform.${table}`);
  }
}
