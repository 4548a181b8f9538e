import { Module, type DynamicModule } from '@nestjs/common';

import { AttributionWorkerModule } from '#contexts/attribution/attribution.worker.module.js';
import { EmailHashKey } from '#contexts/auth/adapters/email-hashes.js';
import { LinkTokens } from '#contexts/auth/adapters/links/link-tokens.js';
import { SignedAccountLinks } from '#contexts/auth/adapters/links/signed-account-links.js';
import { AuthWorkerModule } from '#contexts/auth/auth.worker.module.js';
import { AccountLinks, DeletionObjections } from '#contexts/auth/contract/index.js';
import { InProgressObjections } from '#contexts/labour/adapters/objections/in-progress-objections.js';
import { SubscribedAddresses } from '#contexts/labour/contract/index.js';
import { LabourWorkerModule } from '#contexts/labour/labour.worker.module.js';
import { MessagingSettings } from '#contexts/notifications/adapters/sending/messaging-settings.js';
import { NotificationsWorkerModule } from '#contexts/notifications/notifications.worker.module.js';
import { PostgresSubscribedAddresses } from '#contexts/subscriptions/adapters/lookups/postgres-subscribed-addresses.js';
import { PostgresShareLinks } from '#contexts/subscriptions/adapters/postgres-share-links.js';
import { PublicAddress } from '#contexts/subscriptions/adapters/public-address.js';
import { ShareTokenKey } from '#contexts/subscriptions/adapters/tokens/keyed-share-tokens.js';
import { ShareLinks } from '#contexts/subscriptions/contract/index.js';
import { SubscriptionsWorkerModule } from '#contexts/subscriptions/subscriptions.worker.module.js';
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
  LabourWorkerModule,
  SubscriptionsWorkerModule,
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
        { provide: DeletionObjections, useClass: InProgressObjections },
        { provide: PublicAddress, useValue: new PublicAddress(messaging.publicUrl) },
        { provide: ShareLinks, useClass: PostgresShareLinks },
        { provide: SubscribedAddresses, useClass: PostgresSubscribedAddresses },
        { provide: ShareTokenKey, useValue: ShareTokenKey.of(settings.encryptionKeys) },
      ],
      exports: [
        EmailHashKey,
        MessagingSettings,
        AccountLinks,
        DeletionObjections,
        PublicAddress,
        ShareLinks,
        ShareTokenKey,
        SubscribedAddresses,
      ],
    };
  }
}
