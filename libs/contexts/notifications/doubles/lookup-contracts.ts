import { expect, it } from '@jest/globals';

import type { ContactLookup, NotificationLookup, TemplateLookup } from '../application/ports.js';
import {
  ContactForgotten,
  ContactRecorded,
  NotificationDeleted,
  NotificationRequested,
  NotificationSuppressed,
  PreferencesUpdated,
  TemplateCreated,
  TemplateDeactivated,
  templateIdOf,
  TemplateUpdated,
} from '../contract/index.js';

type Asking<Lookup> = (past: readonly object[], ask: (lookup: Lookup) => Promise<void>) => Promise<void>;

const at = '2026-03-01T10:00:00.000Z';
let made = 0;
const newId = (): string => `0196a1de-0000-7000-8000-0000000e${String(++made).padStart(4, '0')}`;

/** What every `TemplateLookup` promises. */
export function templateLookupContract(asking: Asking<TemplateLookup>): void {
  const created = (name: string, channel: 'email' | 'sms', body: string): TemplateCreated =>
    new TemplateCreated({
      templateId: templateIdOf(name, channel),
      name,
      channel,
      topic: 'labour',
      subject: 'It begins',
      body,
      variables: {},
    });

  it('finds the template of a name for a channel', async () => {
    const past = [created('begun', 'email', 'By mail'), created('begun', 'sms', 'By telephone')];
    await asking(past, async (templates) => {
      const text = { topic: 'labour', subject: 'It begins', isActive: true };
      expect(await templates.find('begun', 'email')).toEqual({ ...text, body: 'By mail' });
      expect(await templates.find('begun', 'sms')).toEqual({ ...text, body: 'By telephone' });
      expect(await templates.find('begun', 'in_app')).toBeUndefined();
      expect(await templates.find('ended', 'email')).toBeUndefined();
    });
  });

  it('finds it as it was changed last, and whether it is active', async () => {
    const template = created('over', 'email', 'Before');
    const { templateId, name, channel } = template;
    const past = [
      template,
      new TemplateUpdated({ ...template, body: 'After', isActive: true, updatedAt: at, changed: ['body'] }),
      new TemplateDeactivated({ templateId, name, channel, deactivatedAt: at }),
    ];
    await asking(past, async (templates) =>
      expect(await templates.find('over', 'email')).toMatchObject({ body: 'After', isActive: false }),
    );
  });
}

/** What every `ContactLookup` promises. */
export function contactLookupContract(asking: Asking<ContactLookup>): void {
  const contact = (userId: string, phoneNumber?: string): ContactRecorded =>
    new ContactRecorded({ userId, email: 'ada@example.org', username: 'ada_l', name: 'Ada', phoneNumber });

  it('tells where somebody is reached, and by which channels they hear of what', async () => {
    const [ada, bob] = [newId(), newId()];
    const past = [
      contact(ada, '+441632960961'),
      new PreferencesUpdated({ userId: ada, topics: { tasks: ['in_app'] } }),
      contact(bob),
    ];
    const reached = { email: 'ada@example.org', isForgotten: false };
    await asking(past, async (contacts) => {
      expect(await contacts.of(ada)).toEqual({
        ...reached,
        phoneNumber: '+441632960961',
        preferences: { tasks: ['in_app'] },
      });
      expect(await contacts.of(bob)).toEqual({ ...reached, phoneNumber: undefined, preferences: {} });
    });
  });

  it('tells who is forgotten, and nothing else of them', async () => {
    const userId = newId();
    await asking([contact(userId, '+441632960961'), new ContactForgotten({ userId })], async (contacts) =>
      expect(await contacts.of(userId)).toEqual({
        email: undefined,
        phoneNumber: undefined,
        preferences: {},
        isForgotten: true,
      }),
    );
  });

  it('tells nothing of whom nothing is known', async () => {
    await asking([contact(newId())], async (contacts) => expect(await contacts.of(newId())).toBeUndefined());
  });
}

/** What every `NotificationLookup` promises. */
export function notificationLookupContract(asking: Asking<NotificationLookup>): void {
  const words = { topic: 'tasks', title: 'Well done', message: 'Done.' } as const;
  const details = (notificationId: string, userId: string) => ({ notificationId, subjectId: userId, userId, ...words });
  const requested = (notificationId: string, userId: string): NotificationRequested =>
    new NotificationRequested({ ...details(notificationId, userId), channel: 'in_app', recipient: userId });

  it('finds all that was said to somebody or not said after all, and nothing of others', async () => {
    const [ada, bob] = [newId(), newId()];
    const [first, second, third, other] = [newId(), newId(), newId(), newId()];
    const past = [
      requested(second, ada),
      requested(first, ada),
      new NotificationSuppressed({ ...details(third, ada), channel: 'email', recipient: 'ada@example.org' }),
      requested(other, bob),
    ];
    await asking(past, async (notifications) => expect(await notifications.idsOf(ada)).toEqual([first, second, third]));
  });

  it('finds nothing that is deleted', async () => {
    const [ada, notificationId] = [newId(), newId()];
    const past = [
      requested(notificationId, ada),
      new NotificationDeleted({ notificationId, userId: ada, deletedAt: at }),
    ];
    await asking(past, async (notifications) => expect(await notifications.idsOf(ada)).toEqual([]));
  });
}
