import type { TaskPriority, TaskStatus } from './vocabulary.js';

/** The asynchronous projection that tells how many tasks people have: whoever shows them may wait for it. */
export const taskFigures = 'tasks.task_summary';

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

/** Asks for somebody's tasks. Whether the asker may know is theirs to find out. */
export abstract class TaskOverview {
  /** As they stood moments ago: see `taskFigures`. */
  abstract summary(userId: string): Promise<TaskFigures>;
  /** Those that were created last, the newest first, as the last committed commands left them. */
  abstract recent(userId: string, limit: number): Promise<readonly RecentTask[]>;
}
