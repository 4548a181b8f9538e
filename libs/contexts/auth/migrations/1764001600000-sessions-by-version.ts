import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SessionsByVersion1764001600000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // Both are null in the rows that are there. The read model is made anew; of older sessions their times alone are known.
    await db.query('alter table auth.accounts add column sessions_valid_from_version int');
    await db.query('alter table auth.sessions add column account_version int');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('alter table auth.sessions drop column account_version');
    await db.query('alter table auth.accounts drop column sessions_valid_from_version');
  }
}
