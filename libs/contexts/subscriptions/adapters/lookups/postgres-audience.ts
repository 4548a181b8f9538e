import { Injectable } from '@nestjs/common';

import { ReadDatabase } from '#platform/database/read-database.js';

import {
  Audience,
  type Follower,
  type Following,
  type Known,
  type Parties,
  type Recommendation,
} from '../../application/ports.js';
import { subscriptionIdOf } from '../../contract/index.js';
import type { Person } from '../../domain/person.js';
import { forgottenToken } from '../../read-models/share-settings.entity.js';
import { isForgotten } from '../../read-models/subscriber.entity.js';
import { PublicAddress } from '../public-address.js';

const columns = `p.id, p.email, p.username, p.name, p.first_name as "firstName", p.last_name as "lastName",
  p.phone_number as "phoneNumber"`;

const person = {
  name: 'subscriptions_person',
  text: `select ${columns}, p.registered_at as "registeredAt" from subscriptions.subscribers p where p.id = $1`,
};

const followers = {
  name: 'subscriptions_followers_of',
  text: `
    select ${columns}, s.contact_methods as "contactMethods"
    from subscriptions.subscriptions s join subscriptions.subscribers p on p.id = s.subscriber_id
    where s.birthing_person_id = $1 and s.status = 'subscribed' and p.email <> '' order by p.id`,
};

const sharing = {
  name: 'subscriptions_token_of',
  text: 'select token from subscriptions.share_settings where id = $1',
};

/** Whoever registered as a subscriber has a row, and perhaps no name yet. */
const named = (one: Person): Person | undefined => (one.email === '' ? undefined : one);

@Injectable()
export class PostgresAudience extends Audience {
  constructor(
    private readonly db: ReadDatabase,
    private readonly pages: PublicAddress,
  ) {
    super();
  }

  async following(birthingPersonId: string): Promise<Following | undefined> {
    const birthingPerson = await this.#person(birthingPersonId);
    if (!birthingPerson || birthingPerson === 'forgotten') return undefined;
    const found = await this.db.query<Follower>(followers, [birthingPersonId]);
    return { birthingPerson, followers: found, link: this.pages.birth(birthingPersonId) };
  }

  async parties(subscriberId: string, birthingPersonId: string): Promise<Known<Parties>> {
    const [subscriber, birthingPerson] = [await this.#person(subscriberId), await this.#person(birthingPersonId)];
    if (subscriber === 'forgotten' || birthingPerson === 'forgotten') return 'forgotten';
    if (!subscriber || !birthingPerson) return undefined;
    const decision = this.pages.subscription(subscriptionIdOf(subscriberId, birthingPersonId));
    return { subscriber, birthingPerson, decision, link: this.pages.birth(birthingPersonId) };
  }

  async birthingPerson(id: string): Promise<Known<Person>> {
    const found = await this.#person(id);
    const [shared] = await this.db.query<{ token: string }>(sharing, [id]);
    if (found === 'forgotten' || shared?.token === forgottenToken) return 'forgotten';
    return shared && found;
  }

  async recommendationOf(userId: string): Promise<Known<Recommendation>> {
    const recommender = await this.#person(userId);
    if (recommender === 'forgotten') return 'forgotten';
    return recommender && { recommender, link: this.pages.home };
  }

  async #person(id: string): Promise<Known<Person>> {
    const [found] = await this.db.query<Person & { registeredAt: Date | null }>(person, [id]);
    if (!found) return undefined;
    const { registeredAt, ...somebody } = found;
    return isForgotten({ email: found.email, registeredAt }) ? 'forgotten' : named(somebody);
  }
}
