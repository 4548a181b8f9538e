import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Subscriptions1764001500000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('create schema subscriptions');
    await db.query(`
      create table subscriptions.subscribers (
        id uuid primary key,
        version int not null,
        email text not null,
        username text not null,
        name text not null,
        first_name text,
        last_name text,
        phone_number text,
        registered_at timestamptz,
        contact_methods text[] not null
      ) with (fillfactor = 85)`);
    await db.query(`
      create table subscriptions.share_settings (
        id uuid primary key,
        version int not null,
        token text not null,
        approval_required boolean not null
      ) with (fillfactor = 85)`);
    await db.query(`
      create table subscriptions.subscriptions (
        id uuid primary key,
        version int not null,
        subscriber_id uuid not null,
        birthing_person_id uuid not null,
        status text not null,
        role text not null,
        contact_methods text[] not null,
        created_at timestamptz not null,
        updated_at timestamptz not null
      ) with (fillfactor = 85)`);
    await db.query(
      'create index subscriptions_of_subscriber on subscriptions.subscriptions (subscriber_id, created_at, id)',
    );
    await db.query(`
      create index subscriptions_to_birthing_person on subscriptions.subscriptions (birthing_person_id, created_at, id)`);
    await db.query(`
      create table subscriptions.followed_labours (
        id uuid primary key,
        version int not null,
        labour_id uuid not null,
        phase text not null
      ) with (fillfactor = 70)`);
    // The columns are those of rate-limiter-flexible.
    await db.query(`
      create table subscriptions.limits (
        key varchar(255) primary key,
        points integer not null default 0,
        expire bigint
      ) with (fillfactor = 85)`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop schema subscriptions cascade');
    // Whoever brings the table back begins with an empty one.
    await db.query(`delete from platform.checkpoints where name = 'subscriptions.followed_labours'`);
    await db.query(`delete from platform.projections where name = 'subscriptions.followed_labours'`);
  }
}
