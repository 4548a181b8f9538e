import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Operations1764000600000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // revision counts what operators did to the row, edition how often they changed its payload.
    await db.query(`
      alter table platform.parked_commands
        add column delayed int not null default 0,
        add column deadline timestamptz,
        add column revision int not null default 1,
        add column edition int not null default 0`);
    await db.query(`
      create index parked_commands_deadline on platform.parked_commands (context, lane, deadline)
      where state = 'blocked' and deadline is not null`);

    await db.query(`
      alter table platform.parked_events
        add column id uuid not null default gen_random_uuid() unique,
        add column revision int not null default 1`);
    await db.query('alter table platform.dead_messages add column id uuid not null default gen_random_uuid() unique');
    // Of the message itself: its body is sealed.
    await db.query('alter table platform.dead_messages add column size int not null default 0');

    await db.query(`
      alter table platform.workers
        add column wish text check (wish in ('pause', 'drain')),
        add column throughput float8 not null default 0`);

    // Payloads stand here as parked rows hold them.
    await db.query(`
      create table platform.operator_actions (
        id uuid primary key,
        action text not null,
        subject text not null check (subject in ('parked_command', 'parked_event', 'dead_message', 'worker')),
        subject_id uuid not null,
        operator text not null,
        reason text,
        before jsonb not null,
        after jsonb not null,
        envelope_before bytea,
        envelope_after bytea,
        person uuid,
        correlation_id text not null,
        at timestamptz not null default now()
      )`);
    await db.query('create index operator_actions_subject on platform.operator_actions (subject_id, at)');
    await db.query(
      'create index operator_actions_person on platform.operator_actions (person) where person is not null',
    );
    await db.query('create index operator_actions_at on platform.operator_actions (at, id)');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table platform.operator_actions');
    await db.query('alter table platform.workers drop column wish, drop column throughput');
    await db.query('alter table platform.dead_messages drop column id, drop column size');
    await db.query('alter table platform.parked_events drop column id, drop column revision');
    await db.query(`
      alter table platform.parked_commands
        drop column delayed, drop column deadline, drop column revision, drop column edition`);
  }
}
