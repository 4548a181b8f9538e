import type { MigrationInterface, QueryRunner } from 'typeorm';

export class TaskList1764000100000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('create schema tasks');
    await db.query(`
      create table tasks.task_list (
        id uuid primary key,
        version int not null,
        user_id uuid not null,
        title text not null,
        description text not null,
        status text not null,
        priority text not null,
        due_date timestamptz,
        completed_at timestamptz,
        created_at timestamptz not null,
        updated_at timestamptz not null
      ) with (fillfactor = 85)`);
    await db.query('create index task_list_owner on tasks.task_list (user_id, created_at desc, id desc)');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop schema tasks cascade');
  }
}
