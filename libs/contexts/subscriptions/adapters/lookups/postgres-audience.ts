import { Injectable } from '@nestjs/common';

import { ReadDatabase } from '#platform/database/read-database.js';

import { Audience, type Follower, type Following, type Parties, type Recommendation } from '../../application/ports.js';
import { subscriptionIdOf } from '../../contract/index.js';
import type { Person } from '../../domain/person.js';
import { PublicAddress } from '../public-address.js';

const columns = `p.id, p.email, p.username, p.name, p.first_name as "firstName", p.last_name as "lastName",
  p.phone_number as "phoneNumber"`;

const person = {
  name: 'subscriptions_person',
  text: `select ${columns} from subscriptions.subscribers p where p.id = $1`,
};

const followers = {
  name: 'subscriptions_followers_of',
  text: `
    select ${columns}, s.contact_methods as "contactMethods"
    from subscriptions.subscriptions s join subscriptions.subscribers p on p.id = s.subscriber_id
    where s.birthing_person_id = $1 and s.status = 'subscribed' order by p.id`,
};

const followed = {
  name: 'subscriptions_birthing_person',
  text: `
    select ${columns} from subscriptions.subscribers p join subscriptions.share_settings using (id) where id = $1`,
};

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
    if (!birthingPerson) return undefined;
    const found = await this.db.query<Follower>(followers, [birthingPersonId]);
    return { birthingPerson, followers: found, link: this.pages.birth(birthingPersonId) };
  }

  async parties(subscriberId: string, birthingPersonId: string): Promise<Parties | undefined> {
    const [subscriber, birthingPerson] = [await this.#person(subscriberId), await this.#person(birthingPersonId)];
    if (!subscriber || !birthingPerson) return undefined;
    const decision = this.pages.subscription(subscriptionIdOf(subscriberId, birthingPersonId));
    return { subscriber, birthingPerson, decision, link: this.pages.birth(birthingPersonId) };
  }

  async birthingPerson(id: string): Promise<Person | undefined> {
    const [found] = await this.db.query<Person>(followed, [id]);
    return found;
  }

  async recommendationOf(userId: string): Promise<Recommendation | undefined> {
    const recommender = await this.#person(userId);
    return recommender && { recommender, link: this.pages.home };
  }

  async #person(id: string): Promise<Person | undefined> {
    const [found] = await this.db.query<Person>(person, [id]);
    return found;
  }
}
