import { Injectable } from '@nestjs/common';

import { ReadModels } from '#testing/scenario/read-models.js';

import {
  Audience,
  ShareSettingsLookup,
  ShareTokens,
  SubscriberLookup,
  SubscriptionLookup,
  type Admission,
  type Following,
  type Known,
  type Parties,
  type Recommendation,
} from '../application/ports.js';
import type { ContactMethod } from '../contract/index.js';
import type { Person } from '../domain/person.js';
import { forgottenToken, ShareSettingsRow } from '../read-models/share-settings.entity.js';
import { isForgotten, SubscriberRow } from '../read-models/subscriber.entity.js';
import { SubscriptionRow } from '../read-models/subscription.entity.js';

const byId = (one: { id: string }, other: { id: string }): number => (one.id < other.id ? -1 : 1);

/** Asks the rows that a story keeps in memory, as all here. */
@Injectable()
export class InMemorySubscriberLookup extends SubscriberLookup {
  constructor(private readonly readModels: ReadModels) {
    super();
  }

  async contactMethodsOf(subscriberId: string): Promise<readonly ContactMethod[] | undefined> {
    const found = this.readModels.rows(SubscriberRow).find(({ id }) => id === subscriberId);
    return found?.registeredAt ? found.contactMethods : undefined;
  }
}

@Injectable()
export class InMemoryShareSettingsLookup extends ShareSettingsLookup {
  constructor(private readonly readModels: ReadModels) {
    super();
  }

  async of(birthingPersonId: string): Promise<Admission | undefined> {
    const found = this.readModels.rows(ShareSettingsRow).find(({ id }) => id === birthingPersonId);
    if (!found || found.token === forgottenToken) return undefined;
    return { token: found.token, approvalRequired: found.approvalRequired };
  }
}

@Injectable()
export class InMemorySubscriptionLookup extends SubscriptionLookup {
  constructor(private readonly readModels: ReadModels) {
    super();
  }

  async of(userId: string): Promise<readonly string[]> {
    return this.readModels
      .rows(SubscriptionRow)
      .filter(({ subscriberId, birthingPersonId }) => [subscriberId, birthingPersonId].includes(userId))
      .toSorted(byId)
      .map(({ id }) => id);
  }
}

const host = 'https://births.example';

@Injectable()
export class InMemoryAudience extends Audience {
  constructor(private readonly readModels: ReadModels) {
    super();
  }

  async following(birthingPersonId: string): Promise<Following | undefined> {
    const birthingPerson = this.#person(birthingPersonId);
    if (!birthingPerson || birthingPerson === 'forgotten') return undefined;
    const followers = this.readModels
      .rows(SubscriptionRow)
      .filter((row) => row.birthingPersonId === birthingPersonId && row.status === 'subscribed')
      .flatMap(({ subscriberId, contactMethods }) => {
        const person = this.#person(subscriberId);
        return person && person !== 'forgotten' ? [{ ...person, contactMethods }] : [];
      })
      .toSorted(byId);
    return { birthingPerson, followers, link: `${host}/births/${birthingPersonId}` };
  }

  async parties(subscriberId: string, birthingPersonId: string): Promise<Known<Parties>> {
    const [subscriber, birthingPerson] = [this.#person(subscriberId), this.#person(birthingPersonId)];
    const subscription = this.readModels
      .rows(SubscriptionRow)
      .find((row) => row.subscriberId === subscriberId && row.birthingPersonId === birthingPersonId);
    if (subscriber === 'forgotten' || birthingPerson === 'forgotten') return 'forgotten';
    if (!subscriber || !birthingPerson || !subscription) return undefined;
    const decision = `${host}/subscriptions/${subscription.id}`;
    return { subscriber, birthingPerson, decision, link: `${host}/births/${birthingPersonId}` };
  }

  async birthingPerson(id: string): Promise<Known<Person>> {
    const found = this.#person(id);
    const shared = this.readModels.rows(ShareSettingsRow).find((row) => row.id === id);
    if (found === 'forgotten' || shared?.token === forgottenToken) return 'forgotten';
    return shared && found;
  }

  async recommendationOf(userId: string): Promise<Known<Recommendation>> {
    const recommender = this.#person(userId);
    if (recommender === 'forgotten') return 'forgotten';
    return recommender && { recommender, link: host };
  }

  #person(id: string): Known<Person> {
    const row = this.readModels.rows(SubscriberRow).find((one) => one.id === id);
    if (row && isForgotten(row)) return 'forgotten';
    if (!row?.email) return undefined;
    const { email, username, name, firstName, lastName, phoneNumber } = row;
    return { id, email, username, name, firstName, lastName, phoneNumber };
  }
}

/** Tokens that say when they were made. */
@Injectable()
export class CountedShareTokens extends ShareTokens {
  make(_: string, version: number): string {
    return `TOKEN${String(version).padStart(5, '2')}`;
  }

  isSame(given: string, expected: string): boolean {
    return given.toUpperCase() === expected;
  }
}
