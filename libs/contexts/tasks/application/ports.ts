import { Repository } from '#kernel';

import type { Category } from '../domain/category.js';
import type { Task } from '../domain/task.js';

export abstract class TaskRepository extends Repository<Task> {}

export abstract class CategoryRepository extends Repository<Category> {}

/** Asks for categories as the last committed commands left them. */
export abstract class CategoryLookup {
  /** Whether there is such a category, and that user may put tasks into it: it is built-in or the user's own. */
  abstract isUsable(categoryId: string, userId: string): Promise<boolean>;
}

/** Asks for tasks as the last committed commands left them. */
export abstract class TaskLookup {
  /** Whether there is a task in that category, whosever and in whatever status. */
  abstract isAnyIn(categoryId: string): Promise<boolean>;
  /** When that task is due; undefined when it has no due date, or there is no such task. */
  abstract dueDateOf(taskId: string): Promise<Date | undefined>;
}

/** What belongs to one person alone. */
export interface Belongings {
  readonly taskIds: readonly string[];
  readonly categoryIds: readonly string[];
}

/** Asks for tasks and categories as the last committed commands left them. */
export abstract class BelongingsLookup {
  /** All of somebody's tasks, in whatever status, and the categories of their own. */
  abstract of(userId: string): Promise<Belongings>;
}
