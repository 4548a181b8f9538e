import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Projections1764001000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // How each read model stands, and how far its building anew has come. How far it follows the log is its checkpoint.
    await db.query(`
      create table platform.projections (
        name text primary key,
        id uuid not null default gen_random_uuid() unique,
        context text not null,
        inline boolean not null,
        version int not null,
        state text not null default 'running' check (state in ('running', 'stopped')),
        error text,
        stopped_at timestamptz,
        stopped_event uuid,
        stopped_place text,
        rebuild text check (rebuild in ('asked', 'filling', 'swapping', 'failed')),
        rebuild_version int,
        rebuild_run uuid,
        rebuild_asked_at timestamptz,
        rebuild_started_at timestamptz,
        rebuild_moved_at timestamptz,
        rebuild_era int not null default 0,
        rebuild_xid xid8 not null default '0',
        rebuild_position bigint not null default 0,
        rebuild_done bigint not null default 0,
        rebuild_total bigint not null default 0,
        rebuild_rate float8 not null default 0,
        rebuild_error text,
        rebuilt_at timestamptz
      ) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500)`);

    // Where a command's events stand: all that one transaction writes has one xid. None for what is there already, since
    // no reader of the log is that far behind.
    await db.query('alter table platform.commands add column era int, add column xid xid8');
    await db.query(`
      alter table platform.commands alter column xid set default pg_current_xact_id()`);
    const [log] = (await db.query('select era from platform.log')) as { era: number }[];
    await db.query(`alter table platform.commands alter column era set default ${log?.era ?? 1}`);

    await db.query(`
      create table platform.activity (
        id uuid primary key,
        version int not null,
        type text not null,
        context text not null,
        stream_type text not null,
        stream_id uuid not null,
        stream_version int not null,
        actor text not null,
        ids jsonb not null,
        occurred_at timestamptz not null
      )`);
    await db.query('create index activity_time on platform.activity (occurred_at, id)');
    await db.query('create index activity_actor on platform.activity (actor, occurred_at, id)');
    await db.query('create index activity_type on platform.activity (type, occurred_at, id)');

    await db.query('alter table platform.operator_actions drop constraint operator_actions_subject_check');
    await db.query(`
      alter table platform.operator_actions add constraint operator_actions_subject_check
        check (subject in ('parked_command', 'parked_event', 'dead_message', 'worker', 'projection'))`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`delete from platform.operator_actions where subject = 'projection'`);
    await db.query('alter table platform.operator_actions drop constraint operator_actions_subject_check');
    await db.query(`
      alter table platform.operator_actions add constraint operator_actions_subject_check
        check (subject in ('parked_command', 'parked_event', 'dead_message', 'worker'))`);
    await db.query(`
      delete from platform.checkpoints where name in (select name from platform.projections where not inline)`);
    await db.query('drop table platform.activity');
    await db.query('alter table platform.commands drop column era, drop column xid');
    await db.query('drop table platform.projections');
  }
}
