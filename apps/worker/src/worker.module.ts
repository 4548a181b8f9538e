import { Module, type DynamicModule } from '@nestjs/common';

import { TasksWorkerModule } from '#contexts/tasks/tasks.worker.module.js';
import type { WorkerSettings } from '#platform/config/settings.js';
import { PlatformWorkerModule } from '#platform/platform.worker.module.js';

@Module({})
export class WorkerModule {
  static with(settings: WorkerSettings): DynamicModule {
    return { module: WorkerModule, imports: [PlatformWorkerModule.serve(settings, [TasksWorkerModule])] };
  }
}
