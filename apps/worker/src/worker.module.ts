import { Module, type DynamicModule } from '@nestjs/common';

import { EmailHashKey } from '#contexts/auth/adapters/email-hashes.js';
import { AuthWorkerModule } from '#contexts/auth/auth.worker.module.js';
import { TasksWorkerModule } from '#contexts/tasks/tasks.worker.module.js';
import { UsersWorkerModule } from '#contexts/users/users.worker.module.js';
import type { WorkerSettings } from '#platform/config/settings.js';
import { PlatformWorkerModule } from '#platform/platform.worker.module.js';

@Module({})
export class WorkerModule {
  static with(settings: WorkerSettings): DynamicModule {
    return {
      module: WorkerModule,
      global: true,
      imports: [PlatformWorkerModule.serve(settings, [AuthWorkerModule, UsersWorkerModule, TasksWorkerModule])],
      providers: [{ provide: EmailHashKey, useValue: EmailHashKey.of(settings.encryptionKeys) }],
      exports: [EmailHashKey],
    };
  }
}
