import { Attribution1764001300000 } from '#contexts/attribution/migrations/1764001300000-attribution.js';
import { Auth1764000400000 } from '#contexts/auth/migrations/1764000400000-auth.js';
import { SessionsByVersion1764001600000 } from '#contexts/auth/migrations/1764001600000-sessions-by-version.js';
import { Labour1764001400000 } from '#contexts/labour/migrations/1764001400000-labour.js';
import { Notifications1764000800000 } from '#contexts/notifications/migrations/1764000800000-notifications.js';
import { Subscriptions1764001500000 } from '#contexts/subscriptions/migrations/1764001500000-subscriptions.js';
import { TaskList1764000100000 } from '#contexts/tasks/migrations/1764000100000-task-list.js';
import { Categories1764000200000 } from '#contexts/tasks/migrations/1764000200000-categories.js';
import { TaskSummary1764001100000 } from '#contexts/tasks/migrations/1764001100000-task-summary.js';
import { Tracking1764001200000 } from '#contexts/tracking/migrations/1764001200000-tracking.js';
import { Users1764000500000 } from '#contexts/users/migrations/1764000500000-users.js';
import type { Migration } from '#platform/database/migrate.js';
import { Platform1764000000000 } from '#platform/database/migrations/1764000000000-platform.js';
import { EventLog1764000300000 } from '#platform/database/migrations/1764000300000-event-log.js';
import { Privacy1764000350000 } from '#platform/database/migrations/1764000350000-privacy.js';
import { Operations1764000600000 } from '#platform/database/migrations/1764000600000-operations.js';
import { Unknown1764000700000 } from '#platform/database/migrations/1764000700000-unknown.js';
import { Realtime1764000900000 } from '#platform/database/migrations/1764000900000-realtime.js';
import { Projections1764001000000 } from '#platform/database/migrations/1764001000000-projections.js';
import { SchedulingActions1764001700000 } from '#platform/database/migrations/1764001700000-scheduling-actions.js';

/** All migrations, in the order in which they run. */
export const migrations: readonly Migration[] = [
  Platform1764000000000,
  TaskList1764000100000,
  Categories1764000200000,
  EventLog1764000300000,
  Privacy1764000350000,
  Auth1764000400000,
  Users1764000500000,
  Operations1764000600000,
  Unknown1764000700000,
  Notifications1764000800000,
  Realtime1764000900000,
  Projections1764001000000,
  TaskSummary1764001100000,
  Tracking1764001200000,
  Attribution1764001300000,
  Labour1764001400000,
  Subscriptions1764001500000,
  SessionsByVersion1764001600000,
  SchedulingActions1764001700000,
];
