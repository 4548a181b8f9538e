import {
  LabourBegun,
  LabourCompleted,
  LabourUpdateEdited,
  LabourUpdatePosted,
  RecommendationChanged,
} from '#contexts/labour/contract/index.js';
import { policy, type PolicyMeta } from '#kernel';

import { firstName, fullName } from '../domain/person.js';
import { Audience, type Follower, type Following } from './ports.js';
import { tellFollowers } from './tell.js';

interface Told {
  readonly birthingPersonId: string;
}

const followers = {
  from: Audience,
  rows: (audience: Audience, { birthingPersonId }: Told) => audience.following(birthingPersonId),
};

/** What all of these messages may say. */
const names = ({ birthingPerson, link }: Following) => {
  const common = { birthing_person: fullName(birthingPerson), link };
  return (follower: Follower) => ({ ...common, first_name: firstName(follower) });
};

const announce = (message: string, following: Following | undefined, meta: PolicyMeta) =>
  following
    ? tellFollowers(following, 'labour_announcement', (follower) => ({ ...names(following)(follower), message }), meta)
    : [];

/** News of a labour, to those who follow at that moment. */
export const tellOfLabour = [
  policy('subscriptions.tell_labour_begun', LabourBegun, {
    ...followers,
    then: (_, following, meta) => (following ? tellFollowers(following, 'labour_begun', names(following), meta) : []),
  }),
  policy('subscriptions.tell_labour_completed', LabourCompleted, {
    ...followers,
    then: ({ notes }, following, meta) => {
      if (!following) return [];
      const told = names(following);
      return notes
        ? tellFollowers(following, 'labour_completed_with_note', (one) => ({ ...told(one), note: notes }), meta)
        : tellFollowers(following, 'labour_completed', told, meta);
    },
  }),
  policy('subscriptions.tell_go_to_hospital', RecommendationChanged, {
    ...followers,
    then: ({ advice, from, to }, following, meta) =>
      following && advice === 'go_to_hospital' && !from && to
        ? tellFollowers(following, 'go_to_hospital', names(following), meta)
        : [],
  }),
  policy('subscriptions.tell_announcement', LabourUpdatePosted, {
    ...followers,
    then: ({ type, message, applicationGenerated }, following, meta) =>
      type === 'announcement' && !applicationGenerated ? announce(message, following, meta) : [],
  }),
  // What was for the record only is news from the moment on at which it is made an announcement.
  policy('subscriptions.tell_later_announcement', LabourUpdateEdited, {
    ...followers,
    then: ({ type, message, changed, applicationGenerated }, following, meta) =>
      type === 'announcement' && changed.includes('type') && !applicationGenerated
        ? announce(message, following, meta)
        : [],
  }),
];
