import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Users1764000500000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('create schema users');
    await db.query(`
      create table users.profiles (
        id uuid primary key,
        version int not null,
        email text not null,
        username text not null,
        name text not null,
        is_active boolean not null,
        is_verified boolean not null,
        first_name text,
        last_name text,
        bio text,
        avatar_url text,
        phone_number text,
        created_at timestamptz not null,
        updated_at timestamptz not null
      ) with (fillfactor = 85)`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop schema users cascade');
  }
}
