import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Unknown1764000700000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // What each worker says with its heartbeat of the partitions that it consumes.
    await db.query(`alter table platform.workers add partitions jsonb not null default '{}'`);

    // A change of the number of partitions, as far as it has come; what was there before stays until it is deleted.
    await db.query(`
      alter table platform.contexts
        add changing_to int check (changing_to between 1 and 1024),
        add unbound_at timestamptz,
        add partitions_before int`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table platform.contexts drop changing_to, drop unbound_at, drop partitions_before`);
    await db.query('alter table platform.workers drop partitions');
  }
}
