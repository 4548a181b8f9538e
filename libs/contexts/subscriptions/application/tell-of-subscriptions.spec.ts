import { describe, expect, it } from '@jest/globals';

import { LabourInviteSent } from '#contexts/labour/contract/index.js';
import { builtInTemplates, notificationIdOf, RequestNotification } from '#contexts/notifications/contract/index.js';
import { send } from '#kernel';
import { eventId } from '#platform/messaging/cloud-event.js';

import { SubscriberInviteSent } from '../contract/index.js';
import {
  ada,
  grace,
  happened,
  known,
  registered,
  sharing,
  subscriptionId,
  subscriptionsPolicy,
} from '../doubles/subscriptions-scenario.js';

type Told = Pick<RequestNotification, 'recipient' | 'template' | 'variables' | 'link'> & {
  readonly userId?: string;
  readonly inviterId?: string;
};

function told(id: string, { userId, inviterId, ...said }: Told) {
  const dedupKey = `${id}:${userId ?? 'invited'}:email:${said.template}`;
  const notificationId = notificationIdOf(dedupKey);
  const subjectId = (userId ?? inviterId) as string;
  return send(new RequestNotification({ ...said, notificationId, subjectId, userId, channel: 'email', dedupKey }));
}

const idOf = (streamType: string, streamId: string, version: number): string => eventId(streamType, streamId, version);
const both = () => subscriptionsPolicy().given(known.ada, known.grace);

describe('A birthing person', () => {
  it('is told by mail who asks to follow, and where to decide', () =>
    both()
      .on(happened.requested)
      .then(
        told(idOf('story.subscriber', subscriptionId, 1), {
          userId: ada,
          recipient: 'ada@example.org',
          template: 'subscriber_requested',
          variables: {
            first_name: 'Ada',
            subscriber: 'Grace Hopper',
            link: `https://births.example/subscriptions/${subscriptionId}`,
          },
        }),
      ));
});

describe('Somebody who asked to follow', () => {
  it('is told by mail when that was approved', () =>
    both()
      .given(happened.requested)
      .on(happened.approved)
      .then(
        told(idOf('story.subscriber', subscriptionId, 2), {
          userId: grace,
          recipient: 'grace@example.org',
          template: 'subscriber_approved',
          variables: {
            first_name: 'Grace',
            birthing_person: 'Ada Lovelace',
            link: `https://births.example/births/${ada}`,
          },
        }),
      ));
});

describe('What is to be told of somebody who has not come yet', () => {
  const invitation = new LabourInviteSent({ birthingPersonId: ada, email: 'kay@example.org' });

  it.each([
    ['an invitation before the names', invitation, [sharing.token, sharing.open]],
    ['an invitation before the token', invitation, [known.ada]],
    ['a recommendation', new SubscriberInviteSent({ subscriberId: grace, email: 'kay@example.org' }), []],
    ['a request', happened.requested, [known.ada, registered(grace, 'email')]],
    ['an approval', happened.approved, [known.grace, happened.requested]],
  ])('is tried again, and then says what to do: %s', async (_, event, past) => {
    const story = subscriptionsPolicy()
      .given(...past)
      .on(event)
      .thenNothing();
    await expect(story).rejects.toThrow('then retry this event');
  });
});

describe('What happens between two people', () => {
  it('is told to nobody once one of them is forgotten', async () => {
    await both().given(known.graceForgotten).on(happened.requested).thenNothing();
    await both().given(happened.requested, known.graceForgotten).on(happened.approved).thenNothing();
  });
});

describe('Somebody who is invited to follow a birth', () => {
  const invited = new LabourInviteSent({ birthingPersonId: ada, email: 'kay@example.org' });

  it('gets a link with the token, which is made only when the mail leaves', () =>
    subscriptionsPolicy()
      .given(known.ada, sharing.token, sharing.open)
      .on(invited)
      .then(
        told(idOf('story.labour', ada, 2), {
          inviterId: ada,
          recipient: 'kay@example.org',
          template: 'labour_invite',
          variables: { birthing_person: 'Ada Lovelace' },
          link: { kind: 'labour_invite', birthing_person_id: ada },
        }),
      ));

  it('gets nothing where nobody can be followed any more, or where to is forgotten', async () => {
    await subscriptionsPolicy().given(known.ada, sharing.token, sharing.forgotten).on(invited).thenNothing();
    await subscriptionsPolicy()
      .given(known.ada, sharing.token, sharing.open)
      .on(new LabourInviteSent({ birthingPersonId: ada, email: '' }))
      .thenNothing();
  });
});

describe('Somebody to whom the service is recommended', () => {
  const invited = new SubscriberInviteSent({ subscriberId: grace, email: 'kay@example.org' });

  it('is told by whom', () =>
    subscriptionsPolicy()
      .given(known.grace)
      .on(invited)
      .then(
        told(idOf('story.subscriber', grace, 2), {
          inviterId: grace,
          recipient: 'kay@example.org',
          template: 'subscriber_invite',
          variables: { recommender: 'Grace Hopper', link: 'https://births.example' },
        }),
      ));
});

describe('The templates between two people', () => {
  it.each([
    ['subscriber_requested', 'subscriptions', ['first_name', 'subscriber', 'link']],
    ['subscriber_approved', 'subscriptions', ['first_name', 'birthing_person', 'link']],
    ['labour_invite', 'labour', ['birthing_person', 'link']],
    ['subscriber_invite', 'subscriptions', ['recommender', 'link']],
  ])('are there, and use what they are given: %s', (name, topic, variables) => {
    const template = builtInTemplates.find((one) => one.name === name && one.channel === 'email');
    expect(template?.topic).toBe(topic);
    expect(Object.keys(template?.variables ?? {}).toSorted()).toEqual(variables.toSorted());
  });
});
