import type { TaskPriority, TaskStatus } from './vocabulary.js';

/** How many tasks a person has, in the wire's own names. */
export interface TaskFigures {
  readonly total: number;
  /** Of those that are pending or in progress. */
  readonly overdue: number;
  readonly by_status: Readonly<Record<TaskStatus, number>>;
}

/** A task in short, in the wire's own names. */
export interface RecentTask {
  readonly id: string;
  readonly title: string;
  readonly status: TaskStatus;
  readonly priority: TaskPriority;
  readonly due_date: Date | null;
  readonly is_overdue: boolean;
  readonly created_at: Date;
}

/** Asks for somebody's tasks as the last committed commands left them. Whether the asker may know is theirs to find out. */
export abstract class TaskOverview {
  abstract summary(userId: string): Promise<TaskFigures>;
  /** Those that were created last, the newest first. */
  abstract recent(userId: string, limit: number): Promise<readonly RecentTask[]>;
}
