import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Categories1764000200000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table tasks.category_list (
        id uuid primary key,
        version int not null,
        owner_id uuid,
        name text not null,
        description text not null,
        color text not null,
        created_at timestamptz not null,
        updated_at timestamptz not null
      )`);
    await db.query(`
      create unique index category_list_name on tasks.category_list (owner_id, lower(name)) nulls not distinct`);
    await db.query('alter table tasks.task_list add column category_id uuid, add column priority_rank int');
    await db.query(`
      update tasks.task_list set priority_rank = array_position(array['low', 'medium', 'high', 'urgent'], priority)`);
    await db.query('alter table tasks.task_list alter column priority_rank set not null');
    // None on status or updated_at: every change writes those, and an index would cost it the update in place (HOT). One
    // person's tasks are few enough to be filtered and sorted without.
    await db.query(`
      create index task_list_due on tasks.task_list
        (user_id, coalesce(due_date, 'infinity'::timestamptz), id)`);
    await db.query('create index task_list_priority on tasks.task_list (user_id, priority_rank desc, id desc)');
    await db.query(`
      create index task_list_category on tasks.task_list (category_id, user_id) where category_id is not null`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop index tasks.task_list_category');
    await db.query('drop index tasks.task_list_priority');
    await db.query('drop index tasks.task_list_due');
    await db.query('alter table tasks.task_list drop column priority_rank, drop column category_id');
    await db.query('drop table tasks.category_list');
  }
}
