import { Module, type DynamicModule } from '@nestjs/common';

import { AttributionWorkerModule } from '#contexts/attribution/attribution.worker.module.js';
import { EmailHashKey } from '#contexts/auth/adapters/email-hashes.js';
import { LinkTokens } from '#contexts/auth/adapters/links/link-tokens.js';
import { SignedAccountLinks } from '#contexts/auth/adapters/links/signed-account-links.js';
import { AuthWorkerModule } from '#contexts/auth/auth.worker.module.js';
import { AccountLinks } from '#contexts/auth/contract/index.js';
import { MessagingSettings } from '#contexts/notifications/adapters/sending/messaging-settings.js';
import { NotificationsWorkerModule } from '#contexts/notifications/notifications.worker.module.js';
import { TasksWorkerModule } from '#contexts/tasks/tasks.worker.module.js';
import { TrackingWorkerModule } from '#contexts/tracking/tracking.worker.module.js';
import { UsersWorkerModule } from '#contexts/users/users.worker.module.js';
import type { WorkerSettings } from '#platform/config/settings.js';
import { PlatformWorkerModule } from '#platform/platform.worker.module.js';

const contexts = [
  AuthWorkerModule,
  UsersWorkerModule,
  TasksWorkerModule,
  NotificationsWorkerModule,
  TrackingWorkerModule,
  AttributionWorkerModule,
];

@Module({})
export class WorkerModule {
  static with(settings: WorkerSettings): DynamicModule {
    const messaging = new MessagingSettings(settings);
    const links = new SignedAccountLinks(new LinkTokens(settings.encryptionKeys), messaging.publicUrl);
    return {
      module: WorkerModule,
      global: true,
      imports: [PlatformWorkerModule.serve(settings, contexts)],
      providers: [
        { provide: EmailHashKey, useValue: EmailHashKey.of(settings.encryptionKeys) },
        { provide: MessagingSettings, useValue: messaging },
        { provide: AccountLinks, useValue: links },
      ],
      exports: [EmailHashKey, MessagingSettings, AccountLinks],
    };
  }
}
