import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Notifications1764000800000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('create schema notifications');
    await db.query(`
      create table notifications.notifications (
        id uuid primary key,
        version int not null,
        user_id uuid,
        channel text not null,
        recipient text not null,
        template text,
        topic text not null,
        title text not null,
        message text not null,
        metadata jsonb,
        dedup_key text,
        status text not null,
        external_id text,
        error_message text,
        retry_count int not null,
        sent_at timestamptz,
        delivered_at timestamptz,
        read_at timestamptz,
        created_at timestamptz not null,
        updated_at timestamptz not null
      ) with (fillfactor = 85)`);
    await db.query(`
      create unique index notifications_dedup_key on notifications.notifications (dedup_key) where dedup_key is not null`);
    await db.query(`
      create index notifications_user on notifications.notifications (user_id, created_at desc, id desc)`);
    await db.query('create index notifications_created on notifications.notifications (created_at desc, id desc)');
    // Small, since most are read: the number of those that are not is asked for all the time.
    await db.query(`
      create index notifications_unread on notifications.notifications (user_id, created_at)
      where channel = 'in_app' and status = 'delivered' and read_at is null`);
    await db.query(`
      create table notifications.recipients (
        id uuid primary key,
        version int not null,
        email text,
        username text,
        name text,
        first_name text,
        last_name text,
        phone_number text,
        preferences jsonb not null,
        read_until timestamptz,
        is_forgotten boolean not null
      ) with (fillfactor = 85)`);
    await db.query(`
      create table notifications.templates (
        id uuid primary key,
        version int not null,
        name text not null,
        channel text not null,
        topic text not null,
        subject text not null,
        body text not null,
        variables jsonb not null,
        is_active boolean not null,
        created_at timestamptz not null,
        updated_at timestamptz not null
      )`);
    await db.query(`
      create unique index templates_name_channel on notifications.templates (name, channel)`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop schema notifications cascade');
  }
}
