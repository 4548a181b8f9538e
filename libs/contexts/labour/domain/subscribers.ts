import type { SubscriberRecord, SubscriberRole } from '../contract/index.js';

/** What an event of a subscription says: what is absent it does not touch. */
export interface SubscriptionNews {
  readonly subscriptionId: string;
  readonly subscriberId: string;
  readonly version: number;
  readonly subscribed?: boolean;
  readonly role?: SubscriberRole;
}

/**
 * What is known after the news. Of each of the two things that news tell, the highest version holds: in whatever order
 * they come, and however often, they end the same.
 * @returns undefined if they are old
 */
export function afterNews(
  before: SubscriberRecord | undefined,
  { subscriptionId, subscriberId, version, subscribed, role }: SubscriptionNews,
): SubscriberRecord | undefined {
  const known = before ?? { ...unheardOf, subscriptionId, subscriberId };
  const tellsStatus = subscribed !== undefined && version > known.subscribedVersion;
  const tellsRole = role !== undefined && version > known.roleVersion;
  if (!tellsStatus && !tellsRole) return undefined;
  return {
    ...known,
    ...(tellsStatus && { subscribed, subscribedVersion: version }),
    ...(tellsRole && { role, roleVersion: version }),
  };
}

const unheardOf = { subscribed: false, subscribedVersion: 0, role: 'loved_one', roleVersion: 0 } as const;
