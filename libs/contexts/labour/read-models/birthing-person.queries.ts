import { Injectable } from '@nestjs/common';

import type { Wire } from '#kernel';
import type { AuthenticatedUser } from '#platform/auth/authenticated-user.js';
import { ReadDatabase } from '#platform/database/read-database.js';
import type { ResourceQueries } from '#platform/http/resource.js';

import type { BirthingPersonRecord } from '../contract/index.js';
import type { BirthingPersonView } from './labour-views.js';
import { overviewOf, shownName } from './shown-labour.js';

type Names = Pick<BirthingPersonRecord, 'username' | 'name' | 'firstName' | 'lastName'>;

interface PersonRow extends Omit<BirthingPersonRecord, 'invitesSent'> {
  readonly id: string;
  readonly version: number;
  /** Of those who follow or did, by their ids. */
  readonly names: Readonly<Record<string, Names>>;
}

const byId = {
  name: 'labour_birthing_person_by_id',
  text: `
    select p.id, p.version, p.username, p.name, p.first_name as "firstName", p.last_name as "lastName",
      p.registered_at as "registeredAt", p.subscribers, p.labours,
      coalesce((
        select jsonb_object_agg(s.id, jsonb_build_object(
          'username', s.username, 'name', s.name, 'firstName', s.first_name, 'lastName', s.last_name))
        from labour.birthing_people s
        where s.id in (select (r->>'subscriberId')::uuid from jsonb_array_elements(p.subscribers) r)
      ), '{}') as names
    from labour.birthing_people p where p.id = $1 and p.registered_at is not null`,
};

/** Everybody reads themself, administrators others too. */
@Injectable()
export class BirthingPersonQueries implements ResourceQueries<Wire<BirthingPersonView>> {
  constructor(private readonly db: ReadDatabase) {}

  async byId(id: string, reader: AuthenticatedUser): Promise<Wire<BirthingPersonView> | undefined> {
    if (reader.id !== id && !reader.roles.includes('admin')) return undefined;
    const [person] = await this.db.query<PersonRow>(byId, [id]);
    return person && shown(person);
  }
}

const nameless: Names = { username: '', name: '', firstName: null, lastName: null };

const shown = (person: PersonRow): Wire<BirthingPersonView> => ({
  id: person.id,
  version: person.version,
  name: shownName(person),
  first_name: person.firstName,
  last_name: person.lastName,
  registered_at: person.registeredAt as string,
  labours: person.labours.map((labour) => overviewOf(labour, person.id)).toReversed(),
  subscribers: person.subscribers
    .filter(({ subscribed }) => subscribed)
    .map(({ subscriberId, subscriptionId, role }) => ({
      id: subscriberId,
      subscription_id: subscriptionId,
      role,
      name: shownName(person.names[subscriberId] ?? nameless),
    }))
    .sort((one, other) => one.name.localeCompare(other.name) || one.id.localeCompare(other.id)),
});
