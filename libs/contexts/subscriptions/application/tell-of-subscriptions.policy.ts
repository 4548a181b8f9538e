import { LabourInviteSent } from '#contexts/labour/contract/index.js';
import { policy } from '#kernel';

import { SubscriberApproved, SubscriberInviteSent, SubscriberRequested } from '../contract/index.js';
import { firstName, fullName } from '../domain/person.js';
import { known } from './known.js';
import { Audience } from './ports.js';
import { invite, tell } from './tell.js';

/** What is personal of somebody who is forgotten reads like this. */
const blank = '';

const parties = {
  from: Audience,
  rows: (audience: Audience, { subscriberId, birthingPersonId }: SubscriberRequested | SubscriberApproved) =>
    known(audience.parties(subscriberId, birthingPersonId), subscriberId, birthingPersonId),
};

/** What happens between two people, to the other one of them; invitations, to whoever is invited. */
export const tellOfSubscriptions = [
  policy('subscriptions.tell_requested', SubscriberRequested, {
    ...parties,
    then: (_, found, meta) => {
      if (found === 'forgotten') return [];
      const { subscriber, birthingPerson, decision } = found;
      const said = { first_name: firstName(birthingPerson), subscriber: fullName(subscriber), link: decision };
      return tell(birthingPerson, 'email', 'subscriber_requested', said, meta);
    },
  }),
  policy('subscriptions.tell_approved', SubscriberApproved, {
    ...parties,
    then: (_, found, meta) => {
      if (found === 'forgotten') return [];
      const { subscriber, birthingPerson, link } = found;
      const said = { first_name: firstName(subscriber), birthing_person: fullName(birthingPerson), link };
      return tell(subscriber, 'email', 'subscriber_approved', said, meta);
    },
  }),
  policy('subscriptions.send_labour_invite', LabourInviteSent, {
    from: Audience,
    rows: (audience, { birthingPersonId }) => known(audience.birthingPerson(birthingPersonId), birthingPersonId),
    then: ({ birthingPersonId, email }, person, meta) => {
      if (person === 'forgotten' || email === blank) return [];
      const variables = { birthing_person: fullName(person) };
      const link = { kind: 'labour_invite', birthing_person_id: birthingPersonId } as const;
      const inviterId = birthingPersonId;
      return [invite({ inviterId, recipient: email, template: 'labour_invite', variables, link }, meta)];
    },
  }),
  policy('subscriptions.send_subscriber_invite', SubscriberInviteSent, {
    from: Audience,
    rows: (audience, { subscriberId }) => known(audience.recommendationOf(subscriberId), subscriberId),
    then: ({ subscriberId: inviterId, email }, found, meta) => {
      if (found === 'forgotten' || email === blank) return [];
      const variables = { recommender: fullName(found.recommender), link: found.link };
      return [invite({ inviterId, recipient: email, template: 'subscriber_invite', variables }, meta)];
    },
  }),
];
