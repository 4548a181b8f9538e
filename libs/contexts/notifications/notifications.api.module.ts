import { ContextApiModule } from '#platform/http/context-api-module.js';

import { NotificationsController } from './adapters/http/notifications.controller.js';
import { TemplatesController } from './adapters/http/templates.controller.js';
import { WebhooksController } from './adapters/http/webhooks.controller.js';
import { ownNotifications } from './adapters/live/own-notifications.js';
import { twilioSignatures } from './adapters/webhooks/twilio-signatures.js';
import { NotificationOverview } from './contract/index.js';
import { InboxQueries, NotificationOverviewQueries } from './read-models/inbox.queries.js';
import { NotificationQueries } from './read-models/notification.queries.js';
import { NotificationPersonalData } from './read-models/personal-data.js';
import { RecipientQueries } from './read-models/recipient.queries.js';
import { TemplateQueries } from './read-models/template.queries.js';

@ContextApiModule({
  name: 'notifications',
  tags: {
    notifications: 'What people are told, and by which channels they want to hear of what',
    'notification-templates': 'What is said, before its variables have values',
  },
  controllers: [NotificationsController, TemplatesController, WebhooksController],
  queries: [NotificationQueries, RecipientQueries, InboxQueries, TemplateQueries, twilioSignatures],
  offers: [{ provide: NotificationOverview, useClass: NotificationOverviewQueries }],
  personalData: NotificationPersonalData,
  live: ownNotifications,
})
export class NotificationsApiModule {}
