import { Repository } from '#kernel';

import type { Task } from '../domain/task.js';

export abstract class TaskRepository extends Repository<Task> {}
