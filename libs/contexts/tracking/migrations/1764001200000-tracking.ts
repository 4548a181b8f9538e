import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Tracking1764001200000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('create schema tracking');
    await db.query(`
      create table tracking.tracking_events (
        id uuid primary key,
        version int not null,
        partner_id text not null,
        campaign_id text not null,
        visitor_id text not null,
        interaction_type text not null,
        source_url text not null,
        destination_url text not null,
        metadata jsonb,
        status text not null,
        occurred_at timestamptz not null,
        recorded_at timestamptz not null,
        discarded_at timestamptz,
        discard_reason text
      )`);
    // Each ends in what lists are sorted by: one page is one range of one index, whatever it is filtered by.
    for (const column of ['partner_id', 'campaign_id', 'visitor_id', 'interaction_type'])
      await db.query(`
        create index tracking_events_${column.split('_')[0]} on tracking.tracking_events (${column}, occurred_at, id)`);
    await db.query('create index tracking_events_occurred on tracking.tracking_events (occurred_at, id)');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop schema tracking cascade');
  }
}
