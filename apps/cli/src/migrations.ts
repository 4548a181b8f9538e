import { TaskList1764000100000 } from '#contexts/tasks/migrations/1764000100000-task-list.js';
import { Categories1764000200000 } from '#contexts/tasks/migrations/1764000200000-categories.js';
import type { Migration } from '#platform/database/migrate.js';
import { Platform1764000000000 } from '#platform/database/migrations/1764000000000-platform.js';
import { EventLog1764000300000 } from '#platform/database/migrations/1764000300000-event-log.js';

/** All migrations, in the order in which they run. */
export const migrations: readonly Migration[] = [
  Platform1764000000000,
  TaskList1764000100000,
  Categories1764000200000,
  EventLog1764000300000,
];
