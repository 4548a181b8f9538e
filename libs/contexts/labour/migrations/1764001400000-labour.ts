import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Labour1764001400000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('create schema labour');
    await db.query(`
      create table labour.birthing_people (
        id uuid primary key,
        version int not null,
        username text not null,
        name text not null,
        first_name text,
        last_name text,
        registered_at text,
        subscribers jsonb not null,
        labours jsonb not null,
        labour_ids uuid[] not null,
        invites_sent jsonb not null
      ) with (fillfactor = 85)`);
    await db.query(`
      create index birthing_people_labour_ids on labour.birthing_people using gin (labour_ids) with (fastupdate = off)`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop schema labour cascade');
  }
}
