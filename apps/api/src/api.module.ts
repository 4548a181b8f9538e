import { Module, type DynamicModule } from '@nestjs/common';

import { TasksApiModule } from '#contexts/tasks/tasks.api.module.js';
import type { ApiSettings } from '#platform/config/settings.js';
import { PlatformApiModule } from '#platform/platform.api.module.js';

@Module({})
export class ApiModule {
  static with(settings: ApiSettings): DynamicModule {
    return { module: ApiModule, imports: [PlatformApiModule.serve(settings, [TasksApiModule])] };
  }
}
