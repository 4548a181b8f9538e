import { repository } from '#platform/engine/aggregate-repository.js';
import { ContextWorkerModule } from '#platform/engine/context-worker-module.js';

import { PostgresContactLookup } from './adapters/lookups/postgres-contact.lookup.js';
import { PostgresNotificationLookup } from './adapters/lookups/postgres-notification.lookup.js';
import { PostgresTemplateLookup } from './adapters/lookups/postgres-template.lookup.js';
import { emailGateway } from './adapters/mail/email-gateway.js';
import { pushGateway } from './adapters/push/push-gateway.js';
import { SystemWallClock } from './adapters/sending/system-wall-clock.js';
import { smsGateway } from './adapters/sms/sms-gateway.js';
import { whatsAppGateway } from './adapters/whatsapp/whatsapp-gateway.js';
import { CreateTemplateHandler } from './application/create-template.handler.js';
import { DeleteNotificationHandler } from './application/delete-notification.handler.js';
import { deliverNotification } from './application/deliver-notification.policy.js';
import { followAccount } from './application/follow-account.policy.js';
import { forgetNotifications } from './application/forget-notifications.policy.js';
import { ForgetRecipientHandler } from './application/forget-recipient.handler.js';
import { Gateways } from './application/gateways.js';
import { MarkAllReadHandler } from './application/mark-all-read.handler.js';
import { MarkReadHandler } from './application/mark-read.handler.js';
import {
  ContactLookup,
  NotificationLookup,
  NotificationRepository,
  RecipientRepository,
  TemplateLookup,
  TemplateRepository,
  WallClock,
} from './application/ports.js';
import { RecordContactHandler } from './application/record-contact.handler.js';
import { RecordDeliveryHandler } from './application/record-delivery.handler.js';
import { RequestNotificationHandler } from './application/request-notification.handler.js';
import { RetryNotificationHandler } from './application/retry-notification.handler.js';
import { SendNotificationHandler } from './application/send-notification.handler.js';
import { SetPreferencesHandler } from './application/set-preferences.handler.js';
import { tellOfAccount } from './application/tell-of-account.policy.js';
import { tellOfTasks } from './application/tell-of-tasks.policy.js';
import { UpdateTemplateHandler } from './application/update-template.handler.js';
import { Notification } from './domain/notification.js';
import { Recipient } from './domain/recipient.js';
import { Template } from './domain/template.js';
import { notificationList } from './read-models/notification.projection.js';
import { recipients } from './read-models/recipient.projection.js';
import { templates } from './read-models/template.projection.js';

@ContextWorkerModule({
  name: 'notifications',
  handlers: [
    RequestNotificationHandler,
    SendNotificationHandler,
    RetryNotificationHandler,
    RecordDeliveryHandler,
    MarkReadHandler,
    DeleteNotificationHandler,
    MarkAllReadHandler,
    SetPreferencesHandler,
    RecordContactHandler,
    ForgetRecipientHandler,
    CreateTemplateHandler,
    UpdateTemplateHandler,
  ],
  projections: [notificationList, recipients, templates],
  policies: [...followAccount, forgetNotifications, ...deliverNotification, ...tellOfAccount, ...tellOfTasks],
  ports: [
    repository(NotificationRepository, Notification),
    repository(RecipientRepository, Recipient),
    repository(TemplateRepository, Template),
    { provide: ContactLookup, useClass: PostgresContactLookup },
    { provide: TemplateLookup, useClass: PostgresTemplateLookup },
    { provide: NotificationLookup, useClass: PostgresNotificationLookup },
    { provide: WallClock, useClass: SystemWallClock },
    Gateways,
    emailGateway,
    smsGateway,
    whatsAppGateway,
    pushGateway,
  ],
})
export class NotificationsWorkerModule {}
