import { ContextApiModule } from '#platform/http/context-api-module.js';

import { CategoriesController } from './adapters/http/categories.controller.js';
import { TasksController } from './adapters/http/tasks.controller.js';
import { TaskOverview } from './contract/index.js';
import { CategoryQueries } from './read-models/category.queries.js';
import { TaskPersonalData } from './read-models/personal-data.js';
import { TaskOverviewQueries } from './read-models/task-overview.queries.js';
import { TaskQueries } from './read-models/task.queries.js';

@ContextApiModule({
  name: 'tasks',
  tags: {
    tasks: 'What is to be done',
    categories: 'What tasks are sorted into: the built-in ones and your own',
  },
  controllers: [TasksController, CategoriesController],
  queries: [TaskQueries, CategoryQueries],
  offers: [{ provide: TaskOverview, useClass: TaskOverviewQueries }],
  personalData: TaskPersonalData,
})
export class TasksApiModule {}
