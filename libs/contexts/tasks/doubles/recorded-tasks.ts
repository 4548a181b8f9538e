import { eventType, toWire } from '#kernel';
import type { Database } from '#platform/database/database.js';
import { ReadDatabase } from '#platform/database/read-database.js';
import { InlineProjections } from '#platform/engine/inline-projections.js';
import { caughtUp } from '#testing/caught-up.js';
import { ConnectedDatabase } from '#testing/doubles/connected-database.js';

import { Category } from '../domain/category.js';
import { Task } from '../domain/task.js';
import { CategoryListRow } from '../read-models/category-list.entity.js';
import { categoryList } from '../read-models/category-list.projection.js';
import { CountedTaskRow } from '../read-models/counted-task.entity.js';
import { countedTasks } from '../read-models/counted-tasks.projection.js';
import { TaskListRow } from '../read-models/task-list.entity.js';
import { taskList } from '../read-models/task-list.projection.js';

/** A database in which things have happened to tasks and categories: the log holds them, the read models show them. */
export class RecordedTasks {
  readonly #versions = new Map<string, number>();
  readonly #projections: InlineProjections;
  readonly reading: ReadDatabase;

  private constructor(
    private readonly world: ConnectedDatabase,
    private readonly database: Database,
  ) {
    this.#projections = new InlineProjections(database, [taskList, categoryList]);
    this.reading = new ReadDatabase(database);
  }

  static async create(): Promise<RecordedTasks> {
    const world = await ConnectedDatabase.create([TaskListRow, CategoryListRow, CountedTaskRow]);
    return new RecordedTasks(world, await world.connect());
  }

  /** Lets these have happened at that time, one after the other. */
  async happened(at: string, ...events: readonly object[]): Promise<void> {
    const occurredAt = new Date(at);
    for (const event of events) {
      const { name, streamField } = eventType(event.constructor);
      const streamId = (event as Record<string, string>)[streamField] as string;
      const { streamType } = name.startsWith('task.') ? Task : Category;
      const version = this.#versions.get(streamId) ?? 0;
      const meta = { version: version + 1, occurredAt, actor: 'somebody' };
      await this.database.transaction(async (transaction) => {
        await transaction.query(append, [
          streamType,
          streamId,
          meta.version,
          name,
          toWire(event),
          { actor: meta.actor },
          at,
        ]);
        await this.#projections.write(transaction, [{ streamId, version, events: [{ event, meta }] }]);
      });
      this.#versions.set(streamId, meta.version);
    }
  }

  /** Lets what follows the log catch up with what has happened. */
  followed(): Promise<void> {
    return caughtUp(this.database, countedTasks);
  }

  remove(): Promise<void> {
    return this.world.remove();
  }
}

const append = {
  name: 'recorded_tasks_append',
  text: `
    insert into platform.events (stream_type, stream_id, version, type, data, metadata, occurred_at)
    values ($1, $2, $3, $4, $5, $6, $7)`,
};
