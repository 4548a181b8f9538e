import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SchedulingActions1764001700000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('alter table platform.operator_actions drop constraint operator_actions_subject_check');
    await db.query(`
      alter table platform.operator_actions add constraint operator_actions_subject_check
        check (subject in ('parked_command', 'parked_event', 'dead_message', 'worker', 'projection', 'scheduled_command'))`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`delete from platform.operator_actions where subject = 'scheduled_command'`);
    await db.query('alter table platform.operator_actions drop constraint operator_actions_subject_check');
    await db.query(`
      alter table platform.operator_actions add constraint operator_actions_subject_check
        check (subject in ('parked_command', 'parked_event', 'dead_message', 'worker', 'projection'))`);
  }
}
