import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Privacy1764000350000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // Without its key, what was sealed for a person is lost for good. The row stays, so that no second key is ever made.
    await db.query(`
      create table platform.subject_keys (
        subject uuid primary key,
        key text,
        created_at timestamptz not null default now(),
        forgotten_at timestamptz,
        check ((key is null) = (forgotten_at is not null))
      )`);

    for (const table of ['parked_commands', 'scheduled_commands']) {
      await db.query(`alter table platform.${table} add column subject uuid`);
      await db.query(`create index ${table}_subject on platform.${table} (subject) where subject is not null`);
    }

    // What the journal keeps of a payload that never ran.
    await db.query(`
      create function platform.without_sealed(payload jsonb) returns jsonb language sql immutable as $$
        select case when jsonb_typeof(payload) = 'object' then coalesce((
          select jsonb_object_agg(key, value) from jsonb_each(payload)
          where jsonb_typeof(value) <> 'string' or value #>> '{}' not like 'sealed:v1:%'), '{}')
        else payload end
      $$`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop function platform.without_sealed');
    for (const table of ['parked_commands', 'scheduled_commands'])
      await db.query(`alter table platform.${table} drop column subject`);
    await db.query('drop table platform.subject_keys');
  }
}
