import type { Provider } from '@nestjs/common';

import { policyStory, type PolicyScenario } from '#testing/scenario/policy-story.js';
import { scenario, type Scenario } from '#testing/scenario/scenario.js';

import {
  ContactLookup,
  EmailGateway,
  NotificationLookup,
  PushGateway,
  SmsGateway,
  TemplateLookup,
  WallClock,
  WhatsAppGateway,
} from '../application/ports.js';
import {
  ContactForgotten,
  ContactRecorded,
  NotificationDeleted,
  NotificationDelivered,
  NotificationFailed,
  NotificationRead,
  NotificationRequested,
  NotificationSent,
  NotificationSuppressed,
  PreferencesUpdated,
  TemplateCreated,
  TemplateDeactivated,
  templateIdOf,
} from '../contract/index.js';
import { NotificationsWorkerModule } from '../notifications.worker.module.js';
import { FixedWallClock } from './fixed-wall-clock.js';
import { InMemoryContactLookup } from './in-memory-contact-lookup.js';
import { InMemoryGateway } from './in-memory-gateways.js';
import { InMemoryNotificationLookup } from './in-memory-notification-lookup.js';
import { InMemoryTemplateLookup } from './in-memory-template-lookup.js';

const doubles: readonly Provider[] = [
  { provide: ContactLookup, useClass: InMemoryContactLookup },
  { provide: TemplateLookup, useClass: InMemoryTemplateLookup },
  { provide: NotificationLookup, useClass: InMemoryNotificationLookup },
  { provide: WallClock, useClass: FixedWallClock },
  { provide: EmailGateway, useClass: InMemoryGateway },
  { provide: SmsGateway, useClass: InMemoryGateway },
  { provide: WhatsAppGateway, useClass: InMemoryGateway },
  { provide: PushGateway, useClass: InMemoryGateway },
];

export const admin = '0196a1de-0000-7000-8000-0000000000ad';

/** Begins a story of this context, told by an administrator unless it says otherwise. */
export const notificationsScenario = (): Scenario =>
  scenario(NotificationsWorkerModule, { doubles }).by(admin, 'user', 'admin');

/** Begins the story of a policy of this context. */
export const notificationsPolicy = (): PolicyScenario => policyStory(NotificationsWorkerModule, { doubles });

export const userId = '0196a1de-0000-7000-8000-00000000000a';
export const stranger = '0196a1de-0000-7000-8000-00000000000b';
export const notificationId = '0196a1de-0000-7000-8000-000000000001';
/** When commands are accepted in a story. */
export const now = '2026-03-01T10:00:00.000Z';

export const email = 'ada@example.org';
export const phoneNumber = '+441632960961';

export const known = {
  contact: new ContactRecorded({ userId, email, username: 'ada_l', name: 'Ada L.', phoneNumber }),
  mailOnly: new ContactRecorded({ userId, email, username: 'ada_l', name: 'Ada L.' }),
  tasksInApp: new PreferencesUpdated({ userId, topics: { tasks: ['in_app'] } }),
  forgotten: new ContactForgotten({ userId }),
};

const text = { topic: 'tasks', subject: 'Well done, {{username}}', body: 'You have completed “{{title}}”.' } as const;
const variables = { username: 'user name of the recipient', title: 'title of the task' };
const byMail = { templateId: templateIdOf('done', 'email'), name: 'done', channel: 'email' } as const;
const inApp = { templateId: templateIdOf('done', 'in_app'), name: 'done', channel: 'in_app' } as const;

export const template = {
  byMail: new TemplateCreated({ ...byMail, ...text, variables }),
  inApp: new TemplateCreated({ ...inApp, ...text, variables }),
  deactivated: new TemplateDeactivated({ ...byMail, deactivatedAt: now }),
};

const notification = { notificationId, subjectId: userId, userId, template: 'done' };
const words = { topic: 'tasks', title: 'Well done, ada_l', message: 'You have completed “Pack”.' } as const;
const mail = { ...notification, channel: 'email' } as const;
const note = { ...notification, channel: 'in_app' } as const;

const failure = { ...mail, error: '452 try later', failedAt: now };

/** What may have happened to one notification, by mail or in the app. */
export const happened = {
  requested: new NotificationRequested({ ...mail, ...words, recipient: email }),
  suppressed: new NotificationSuppressed({ ...mail, ...words, recipient: email }),
  sent: new NotificationSent({
    ...mail,
    recipientMasked: 'a•••@example.org',
    externalId: 'external-1',
    retryCount: 0,
    sentAt: now,
  }),
  failed: (retryCount: number, willRetry = retryCount < 3) =>
    new NotificationFailed({ ...failure, retryCount, willRetry }),
  delivered: new NotificationDelivered({
    notificationId,
    userId,
    channel: 'email',
    template: 'done',
    deliveredAt: now,
  }),
  deleted: new NotificationDeleted({ notificationId, userId, deletedAt: now }),
};

export const inbox = {
  requested: new NotificationRequested({ ...note, ...words, recipient: userId }),
  delivered: new NotificationDelivered({
    notificationId,
    userId,
    channel: 'in_app',
    template: 'done',
    deliveredAt: now,
  }),
  read: new NotificationRead({ notificationId, userId, readAt: now }),
  deleted: new NotificationDeleted({ notificationId, userId, deletedAt: now }),
};
