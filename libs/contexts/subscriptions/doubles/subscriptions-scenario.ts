import type { Provider } from '@nestjs/common';

import { policyStory, type PolicyScenario } from '#testing/scenario/policy-story.js';
import { scenario, type Scenario } from '#testing/scenario/scenario.js';

import {
  Audience,
  ShareSettingsLookup,
  ShareTokens,
  SubscriberLookup,
  SubscriptionLookup,
} from '../application/ports.js';
import {
  ContactMethodsUpdated,
  ShareSettingsForgotten,
  ShareSettingsUpdated,
  ShareTokenRotated,
  ShareTokenSet,
  SubscribedTo,
  SubscriberApproved,
  SubscriberBlocked,
  SubscriberForgotten,
  SubscriberIdentityRefreshed,
  SubscriberRegistered,
  SubscriberRemoved,
  SubscriberRequested,
  SubscriberRoleUpdated,
  SubscriberUnblocked,
  SubscriptionEnded,
  subscriptionIdOf,
  UnsubscribedFrom,
  type ContactMethod,
} from '../contract/index.js';
import { SubscriptionsWorkerModule } from '../subscriptions.worker.module.js';
import {
  CountedShareTokens,
  InMemoryAudience,
  InMemoryShareSettingsLookup,
  InMemorySubscriberLookup,
  InMemorySubscriptionLookup,
} from './in-memory-ports.js';

const doubles: readonly Provider[] = [
  { provide: SubscriberLookup, useClass: InMemorySubscriberLookup },
  { provide: ShareSettingsLookup, useClass: InMemoryShareSettingsLookup },
  { provide: SubscriptionLookup, useClass: InMemorySubscriptionLookup },
  { provide: Audience, useClass: InMemoryAudience },
  { provide: ShareTokens, useClass: CountedShareTokens },
];

/** Begins a story of this context. */
export const subscriptionsScenario = (): Scenario => scenario(SubscriptionsWorkerModule, { doubles });

/** Begins the story of a policy of this context. */
export const subscriptionsPolicy = (): PolicyScenario => policyStory(SubscriptionsWorkerModule, { doubles });

/** When commands are accepted in a story. */
export const now = '2026-03-01T10:00:00.000Z';

/** Ada is followed; Grace follows, and Kay. */
export const ada = '0196a1de-0000-7000-8000-00000000000a';
export const grace = '0196a1de-0000-7000-8000-00000000000b';
export const kay = '0196a1de-0000-7000-8000-00000000000c';

export const subscriptionId = subscriptionIdOf(grace, ada);
export const parties = { subscriptionId, subscriberId: grace, birthingPersonId: ada };

/** The first token of a birthing person in a story, and the next. */
export const token = 'TOKEN22220';
export const nextToken = 'TOKEN22222';

const identity = (
  subscriberId: string,
  first: string,
  last: string,
  phoneNumber?: string,
): SubscriberIdentityRefreshed =>
  new SubscriberIdentityRefreshed({
    subscriberId,
    email: `${first.toLowerCase()}@example.org`,
    username: first.toLowerCase(),
    name: '',
    firstName: first,
    lastName: last,
    phoneNumber,
  });

/** Who they are. */
export const known = {
  ada: identity(ada, 'Ada', 'Lovelace'),
  grace: identity(grace, 'Grace', 'Hopper', '+441632960961'),
  kay: identity(kay, 'Kay', 'McNulty'),
  graceForgotten: new SubscriberForgotten({ subscriberId: grace }),
};

/** What may have happened to one person's share settings. */
export const sharing = {
  token: new ShareTokenSet({ birthingPersonId: ada, token }),
  open: new ShareSettingsUpdated({ birthingPersonId: ada, approvalRequired: false }),
  approval: new ShareSettingsUpdated({ birthingPersonId: ada, approvalRequired: true }),
  nextToken: new ShareTokenSet({ birthingPersonId: ada, token: nextToken }),
  rotated: new ShareTokenRotated({ birthingPersonId: ada }),
  forgotten: new ShareSettingsForgotten({ birthingPersonId: ada }),
};

export const registered = (subscriberId: string, ...contactMethods: readonly ContactMethod[]): SubscriberRegistered =>
  new SubscriberRegistered({ subscriberId, contactMethods });

/** What may have happened to the subscription of Grace to Ada. */
export const happened = {
  requested: new SubscriberRequested({ ...parties, contactMethods: ['email'] }),
  approved: new SubscriberApproved(parties),
  subscribed: (version = 1, ...contactMethods: readonly ContactMethod[]) =>
    new SubscribedTo({
      ...parties,
      role: 'loved_one',
      contactMethods: contactMethods.length > 0 ? contactMethods : ['email'],
      version,
    }),
  unsubscribed: (version = 2) => new UnsubscribedFrom({ ...parties, role: 'loved_one', version }),
  removed: new SubscriberRemoved(parties),
  blocked: new SubscriberBlocked(parties),
  unblocked: new SubscriberUnblocked(parties),
  partner: (version = 2) => new SubscriberRoleUpdated({ ...parties, role: 'birth_partner', version }),
  bySms: new ContactMethodsUpdated({ ...parties, contactMethods: ['sms'] }),
  ended: new SubscriptionEnded({ subscriptionId }),
};
