import { Repository } from '#kernel';

import type { ContactMethod } from '../contract/index.js';
import type { Person } from '../domain/person.js';
import type { ShareSettings } from '../domain/share-settings.js';
import type { Subscriber } from '../domain/subscriber.js';
import type { Subscription } from '../domain/subscription.js';

export abstract class SubscriberRepository extends Repository<Subscriber> {}

export abstract class SubscriptionRepository extends Repository<Subscription> {}

export abstract class ShareSettingsRepository extends Repository<ShareSettings> {}

/** Asks for subscribers as the last committed commands left them. */
export abstract class SubscriberLookup {
  /** By what they want to be told; undefined where nobody of that id is registered. */
  abstract contactMethodsOf(subscriberId: string): Promise<readonly ContactMethod[] | undefined>;
}

/** Who may follow a birthing person. */
export interface Admission {
  readonly token: string;
  readonly approvalRequired: boolean;
}

/** Asks for share settings as the last committed commands left them. */
export abstract class ShareSettingsLookup {
  /** Undefined where there is no such birthing person. */
  abstract of(birthingPersonId: string): Promise<Admission | undefined>;
}

/** Makes and compares what lets in whoever has it. */
export abstract class ShareTokens {
  /**
   * 10 characters that nobody can guess. The same for the same person and version, so that a command which is run again
   * makes the same token.
   * @param version of the share settings before they get it
   */
  abstract make(birthingPersonId: string, version: number): string;
  /** Takes as long whatever is wrong with the given one. */
  abstract isSame(given: string, expected: string): boolean;
}

/** Somebody who follows, and how they want to be told. */
export interface Follower extends Person {
  readonly contactMethods: readonly ContactMethod[];
}

/** Whom news of a birthing person is for. */
export interface Following {
  readonly birthingPerson: Person;
  readonly followers: readonly Follower[];
  /** Where they follow. */
  readonly link: string;
}

/** The two between whom a subscription is. */
export interface Parties {
  readonly subscriber: Person;
  readonly birthingPerson: Person;
  /** Where the birthing person decides. */
  readonly decision: string;
  /** Where the subscriber follows. */
  readonly link: string;
}

export interface Recommendation {
  readonly recommender: Person;
  /** Where the service is. */
  readonly link: string;
}

/**
 * What is known of somebody: undefined as long as it has not come, which it does some moments after the account, or the
 * birthing person; `forgotten` once the account is deleted.
 */
export type Known<Found> = Found | 'forgotten' | undefined;

/** Asks for people as the last committed commands left them. */
export abstract class Audience {
  /** Those who follow by now. Whoever is not known, or not any more, is left out. */
  abstract following(birthingPersonId: string): Promise<Following | undefined>;
  /** `forgotten` if one of them is. */
  abstract parties(subscriberId: string, birthingPersonId: string): Promise<Known<Parties>>;
  /** The birthing person, as long as anybody may follow. */
  abstract birthingPerson(id: string): Promise<Known<Person>>;
  abstract recommendationOf(userId: string): Promise<Known<Recommendation>>;
}

/** Asks for subscriptions as the last committed commands left them. */
export abstract class SubscriptionLookup {
  /** The ids of those that somebody has or is followed by, in whatever status. */
  abstract of(userId: string): Promise<readonly string[]>;
}
