import { describe, expect, it } from '@jest/globals';

import {
  LabourBegun,
  LabourCompleted,
  LabourUpdateEdited,
  LabourUpdatePosted,
  RecommendationChanged,
} from '#contexts/labour/contract/index.js';
import { builtInTemplates, notificationIdOf, RequestNotification } from '#contexts/notifications/contract/index.js';
import { send, type Consequence } from '#kernel';
import { eventId } from '#platform/messaging/cloud-event.js';

import { SubscribedTo, subscriptionIdOf, type ContactMethod } from '../contract/index.js';
import {
  ada,
  grace,
  happened,
  kay,
  known,
  now,
  registered,
  subscriptionsPolicy,
} from '../doubles/subscriptions-scenario.js';

const link = `https://births.example/births/${ada}`;
const common = { birthing_person: 'Ada Lovelace', link };
const labour = { labourId: '0196a1de-0000-7000-8000-0000000000f1', birthingPersonId: ada };
const destinations = {
  [grace]: { first_name: 'Grace', email: 'grace@example.org', sms: '+441632960961', whatsapp: '+441632960961' },
  [kay]: { first_name: 'Kay', email: 'kay@example.org', sms: undefined, whatsapp: undefined },
};

/** What one of the two is told by one of the ways. */
function told(
  userId: typeof grace | typeof kay,
  channel: ContactMethod,
  template: string,
  more: Readonly<Record<string, string>> = {},
): Consequence {
  const { first_name: firstName, [channel]: recipient } = destinations[userId];
  const dedupKey = `${eventId('story.labour', ada, 1)}:${userId}:${channel}:${template}`;
  return send(
    new RequestNotification({
      notificationId: notificationIdOf(dedupKey),
      subjectId: userId,
      userId,
      channel,
      recipient,
      template,
      variables: { ...common, first_name: firstName, ...more },
      dedupKey,
    }),
  );
}

const kayFollows = new SubscribedTo({
  subscriptionId: subscriptionIdOf(kay, ada),
  subscriberId: kay,
  birthingPersonId: ada,
  role: 'loved_one',
  contactMethods: ['email', 'sms'],
  version: 1,
});

/** Grace follows by both ways; Kay too, but has no phone. */
const followed = () =>
  subscriptionsPolicy().given(
    known.ada,
    known.grace,
    known.kay,
    registered(grace, 'email', 'sms'),
    happened.subscribed(1, 'email', 'sms'),
    kayFollows,
  );

const toAll = (template: string, more?: Readonly<Record<string, string>>): [Consequence, ...Consequence[]] => [
  told(grace, 'email', template, more),
  told(grace, 'sms', template, more),
  told(kay, 'email', template, more),
];

const begun = new LabourBegun({ ...labour, firstLabour: true, startTime: now });
const completed = new LabourCompleted({ ...labour, endTime: now });
const advice = (from: boolean, to: boolean, which: RecommendationChanged['advice'] = 'go_to_hospital') =>
  new RecommendationChanged({ ...labour, advice: which, from, to });
const update = {
  ...labour,
  labourUpdateId: '0196a1de-0000-7000-8000-0000000000f2',
  message: 'We are on our way',
  applicationGenerated: false,
};
const posted = new LabourUpdatePosted({ ...update, type: 'announcement', sentTime: now });
const edited = new LabourUpdateEdited({ ...update, type: 'announcement', editedAt: now, changed: ['type'] });

describe('Those who follow', () => {
  it('are told that labour has begun, each by each way that has a destination', () =>
    followed()
      .on(begun)
      .then(...toAll('labour_begun')));

  it('are told by WhatsApp where they chose that', () =>
    subscriptionsPolicy()
      .given(known.ada, known.grace, registered(grace, 'whatsapp'), happened.subscribed(1, 'whatsapp'))
      .on(begun)
      .then(told(grace, 'whatsapp', 'labour_begun')));

  it('are told that labour is completed, with the note if there is one', async () => {
    await followed()
      .on(completed)
      .then(...toAll('labour_completed'));
    const note = 'A girl, and all are well';
    await followed()
      .on(new LabourCompleted({ ...completed, notes: note }))
      .then(...toAll('labour_completed_with_note', { note }));
  });

  it('are told that it is time for hospital when the advice turns, and of no other', async () => {
    await followed()
      .on(advice(false, true))
      .then(...toAll('go_to_hospital'));
    await followed().on(advice(true, false)).thenNothing();
    await followed()
      .on(advice(false, true, 'call_midwife'))
      .thenNothing();
    await followed()
      .on(advice(false, true, 'prepare_for_hospital'))
      .thenNothing();
  });

  it('are told what is announced', () =>
    followed()
      .on(posted)
      .then(...toAll('labour_announcement', { message: 'We are on our way' })));

  it('are told what is made an announcement later, but not again what is edited otherwise', async () => {
    await followed()
      .on(edited)
      .then(...toAll('labour_announcement', { message: 'We are on our way' }));
    await followed()
      .on(new LabourUpdateEdited({ ...edited, changed: ['message'] }))
      .thenNothing();
    await followed()
      .on(new LabourUpdateEdited({ ...edited, type: 'status_update' }))
      .thenNothing();
    await followed()
      .on(new LabourUpdateEdited({ ...edited, applicationGenerated: true }))
      .thenNothing();
  });

  it('are not told of status updates, notes, and what nobody wrote', async () => {
    await followed()
      .on(new LabourUpdatePosted({ ...posted, type: 'status_update' }))
      .thenNothing();
    await followed()
      .on(new LabourUpdatePosted({ ...posted, type: 'private_note' }))
      .thenNothing();
    await followed()
      .on(new LabourUpdatePosted({ ...posted, applicationGenerated: true }))
      .thenNothing();
  });

  it('are those who follow at that moment', () =>
    followed()
      .given(happened.unsubscribed(2))
      .on(begun)
      .then(told(kay, 'email', 'labour_begun')));

  it('are told by the ways that they chose for this birthing person', () =>
    followed()
      .given(happened.bySms)
      .on(begun)
      .then(told(grace, 'sms', 'labour_begun'), told(kay, 'email', 'labour_begun')));
});

describe('Nobody', () => {
  it('is told who only asked to follow, or was removed or blocked', async () => {
    const past = subscriptionsPolicy().given(known.ada, known.grace);
    await past.given(happened.requested).on(begun).thenNothing();
    await past.given(happened.requested, happened.removed).on(begun).thenNothing();
    await past.given(happened.requested, happened.blocked).on(begun).thenNothing();
  });

  it('is told of somebody of whom nothing is known', () =>
    subscriptionsPolicy().given(known.grace, happened.subscribed()).on(begun).thenNothing());

  it('is told of whom nothing is known any more', () =>
    subscriptionsPolicy()
      .given(known.ada, known.grace, happened.subscribed(), known.graceForgotten)
      .on(begun)
      .thenNothing());
});

describe('The templates of labour', () => {
  const names = [
    'labour_begun',
    'labour_completed',
    'labour_completed_with_note',
    'go_to_hospital',
    'labour_announcement',
  ];
  it.each(names.flatMap((name) => (['email', 'sms'] as const).map((channel) => [name, channel] as const)))(
    'use what they are given: %s by %s',
    (name, channel) => {
      const template = builtInTemplates.find((one) => one.name === name && one.channel === channel);
      const given = ['first_name', 'birthing_person', 'link', 'note', 'message'];
      expect(template?.topic).toBe('labour');
      expect(given).toEqual(expect.arrayContaining(Object.keys(template?.variables ?? { none: '' })));
      expect(template?.body).toContain('{{birthing_person}}');
      expect(template?.body).toContain('{{link}}');
    },
  );
});
