import type { MigrationInterface, QueryRunner } from 'typeorm';

export class TaskSummary1764001100000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table tasks.task_summary (
        id uuid primary key,
        version int not null,
        user_id uuid not null,
        status text not null,
        priority text not null,
        due_date timestamptz
      ) with (fillfactor = 70)`);
    await db.query('create index task_summary_of on tasks.task_summary (user_id)');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table tasks.task_summary');
    // Whoever brings the table back begins with an empty one.
    await db.query(`delete from platform.checkpoints where name = 'tasks.task_summary'`);
    await db.query(`delete from platform.projections where name = 'tasks.task_summary'`);
  }
}
