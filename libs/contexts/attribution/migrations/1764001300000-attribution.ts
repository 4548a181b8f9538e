import type { MigrationInterface, QueryRunner } from 'typeorm';

const following = `('attribution.touchpoint_list', 'attribution.credit_list')`;

export class Attribution1764001300000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('create schema attribution');
    await db.query(`
      create table attribution.settings (
        id uuid primary key,
        version int not null,
        settings jsonb not null,
        updated_at timestamptz not null
      )`);
    await db.query(`
      create table attribution.conversion_list (
        id uuid primary key,
        version int not null,
        conversion_id uuid not null,
        external_id text,
        visitor_key uuid not null,
        visitor_id text not null,
        conversion_type text not null,
        value numeric not null,
        currency text not null,
        occurred_at timestamptz not null,
        status text not null,
        calculation_version int not null,
        touchpoint_ids jsonb not null,
        settings jsonb not null,
        recorded_at timestamptz not null,
        reversed_at timestamptz,
        reversal_reason text
      ) with (fillfactor = 85)`);
    // What an external id stands for is one conversion, whoever the visitor is.
    await db.query('create unique index conversion_list_conversion on attribution.conversion_list (conversion_id)');
    await db.query(`
      create index conversion_list_visitor on attribution.conversion_list (visitor_id, occurred_at, conversion_id)`);
    await db.query(`
      create index conversion_list_time on attribution.conversion_list (occurred_at desc, conversion_id desc)`);
    await db.query(`
      create table attribution.touchpoint_list (
        id uuid primary key,
        version int not null,
        visitor_id text not null,
        partner_id text not null,
        campaign_id text not null,
        interaction_type text not null,
        occurred_at timestamptz not null,
        recorded_at timestamptz not null
      )`);
    await db.query(`
      create index touchpoint_list_visitor on attribution.touchpoint_list (visitor_id, occurred_at)`);
    await db.query('create index touchpoint_list_time on attribution.touchpoint_list (occurred_at)');
    await db.query(`
      create table attribution.credit_list (
        id uuid primary key,
        version int not null,
        value numeric not null,
        currency text not null,
        occurred_at timestamptz not null,
        calculation_version int not null,
        credits jsonb not null
      ) with (fillfactor = 85)`);
    await db.query('create index credit_list_time on attribution.credit_list (currency, occurred_at)');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop schema attribution cascade');
    // Whoever brings the tables back begins with empty ones.
    await db.query(`delete from platform.checkpoints where name in ${following}`);
    await db.query(`delete from platform.projections where name in ${following}`);
  }
}
