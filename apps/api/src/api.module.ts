import { Module, type DynamicModule } from '@nestjs/common';

import { AttributionApiModule } from '#contexts/attribution/attribution.api.module.js';
import { AuthApiModule } from '#contexts/auth/auth.api.module.js';
import { LabourApiModule } from '#contexts/labour/labour.api.module.js';
import { NotificationsApiModule } from '#contexts/notifications/notifications.api.module.js';
import { SubscriptionsApiModule } from '#contexts/subscriptions/subscriptions.api.module.js';
import { TasksApiModule } from '#contexts/tasks/tasks.api.module.js';
import { TrackingApiModule } from '#contexts/tracking/tracking.api.module.js';
import { UsersApiModule } from '#contexts/users/users.api.module.js';
import type { ApiSettings } from '#platform/config/settings.js';
import { tagsOf } from '#platform/http/context-api-module.js';
import { PlatformApiModule } from '#platform/platform.api.module.js';

const contexts = [
  AuthApiModule,
  UsersApiModule,
  TasksApiModule,
  NotificationsApiModule,
  LabourApiModule,
  SubscriptionsApiModule,
  TrackingApiModule,
  AttributionApiModule,
];

@Module({})
export class ApiModule {
  static readonly tags = tagsOf(contexts);

  static with(settings: ApiSettings): DynamicModule {
    return { module: ApiModule, imports: [PlatformApiModule.serve(settings, contexts)] };
  }
}
