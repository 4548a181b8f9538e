import { Injectable } from '@nestjs/common';
import { IsIn } from 'class-validator';

import { Example, Optional, type Wire } from '#kernel';
import type { AuthenticatedUser } from '#platform/auth/authenticated-user.js';
import { ReadDatabase } from '#platform/database/read-database.js';
import { Cursors } from '#platform/http/cursors.js';
import { keyset, sortsOf } from '#platform/http/keyset.js';
import { Page, type Paged } from '#platform/http/page.js';
import type { ResourceQueries } from '#platform/http/resource.js';

import {
  LabourUpdateTypes,
  type BirthingPersonRecord,
  type ContractionRecord,
  type LabourRecord,
  type LabourUpdateRecord,
  type LabourUpdateType,
} from '../contract/index.js';
import type { ContractionView, LabourOverview, LabourSummary, LabourUpdateView, LabourView } from './labour-views.js';
import { statisticsOf, type Statistics } from './numbers.js';
import { overviewOf, shownContraction, shownLabour, shownUpdate, summaryOf } from './shown-labour.js';

const labourLists = keyset({
  name: 'labour.labours',
  sorts: {
    created_at: { expression: 'created_at', type: 'timestamptz' },
    start_time: { expression: 'start_time', type: 'timestamptz', nullable: true },
  },
  default: '-created_at',
});

const contractionLists = keyset({
  name: 'labour.contractions',
  sorts: { start_time: { expression: 'start_time', type: 'timestamptz' } },
  default: 'start_time',
});

const updateLists = keyset({
  name: 'labour.updates',
  sorts: { sent_time: { expression: 'sent_time', type: 'timestamptz' } },
  default: '-sent_time',
});

export class LabourPage extends Page {
  @Optional() @IsIn(sortsOf(labourLists)) @Example('-created_at') readonly sort?: string;
}

export class ContractionPage extends Page {
  @Optional() @IsIn(sortsOf(contractionLists)) @Example('start_time') readonly sort?: string;
}

export class LabourUpdatePage extends Page {
  @Optional() @IsIn(LabourUpdateTypes) @Example('announcement') readonly type?: LabourUpdateType;
  @Optional() @IsIn(sortsOf(updateLists)) @Example('-sent_time') readonly sort?: string;
}

const ofPerson = {
  name: 'labour_of_person',
  text: `select id, version, registered_at as "registeredAt", subscribers, labours, now() as now
    from labour.birthing_people where id = $1`,
};

const ofLabour = {
  name: 'labour_of_labour',
  text: `select id, version, registered_at as "registeredAt", subscribers, labours, now() as now
    from labour.birthing_people where labour_ids @> array[$1::uuid]`,
};

/** The records of one labour's list, each with the columns that lists are sorted by. */
const recordsOf = (list: 'contractions' | 'updates', time: 'startTime' | 'sentTime', column: string): string => `
  (select (r.record->>'id')::uuid as id, r.record, (r.record->>'${time}')::timestamptz as ${column}
    from labour.birthing_people p, jsonb_array_elements(p.labours) as l(labour),
      jsonb_array_elements(l.labour->'${list}') as r(record)
    where p.labour_ids @> array[$1::uuid] and l.labour->>'id' = $1::text) as records`;

const laboursOf = `
  (select (l.labour->>'id')::uuid as id, l.labour as record, (l.labour->>'createdAt')::timestamptz as created_at,
      (l.labour->>'startTime')::timestamptz as start_time
    from labour.birthing_people p, jsonb_array_elements(p.labours) as l(labour) where p.id = $1) as records`;

interface PersonRow extends Pick<BirthingPersonRecord, 'registeredAt' | 'subscribers' | 'labours'> {
  readonly id: string;
  readonly version: number;
  readonly now: Date;
}

/** A labour, whose it is, and that its reader may read it. */
interface Readable {
  readonly labour: LabourRecord;
  readonly person: PersonRow;
  readonly isAttending: boolean;
}

/** The outcome of asking for what is under way: `none` where the reader may know that there is nothing. */
export type Active<View> = View | 'none' | undefined;

/**
 * A labour is read by the birthing person, by those who follow now, and by administrators. What is private is for the
 * birthing person and birth partners.
 */
@Injectable()
export class LabourQueries implements ResourceQueries<Wire<LabourView>> {
  constructor(
    private readonly db: ReadDatabase,
    private readonly cursors: Cursors,
  ) {}

  async byId(labourId: string, reader: AuthenticatedUser): Promise<Wire<LabourView> | undefined> {
    const found = await this.#readable(labourId, reader);
    return found && viewOf(found);
  }

  /** The labour of a person that is planned or under way. */
  active(birthingPersonId: string, reader: AuthenticatedUser): Promise<Active<Wire<LabourView>>> {
    return this.#active(birthingPersonId, reader, viewOf);
  }

  summary(birthingPersonId: string, reader: AuthenticatedUser): Promise<Active<Wire<LabourSummary>>> {
    return this.#active(birthingPersonId, reader, ({ labour, person: { now } }) => summaryOf(labour, now));
  }

  async statistics(labourId: string, reader: AuthenticatedUser): Promise<Statistics | undefined> {
    const found = await this.#readable(labourId, reader);
    return found && statisticsOf(found.labour.contractions, found.person.now);
  }

  async list(birthingPersonId: string, page: LabourPage): Promise<Paged<Wire<LabourOverview>>> {
    const paged = await labourLists.page<{ id: string; record: LabourRecord }>(this.db, this.cursors, {
      columns: 'id, record',
      from: laboursOf,
      where: [],
      values: [birthingPersonId],
      query: page,
    });
    return { ...paged, items: paged.items.map(({ record }) => overviewOf(record, birthingPersonId)) };
  }

  async contractions(
    labourId: string,
    page: ContractionPage,
    reader: AuthenticatedUser,
  ): Promise<Paged<Wire<ContractionView>> | undefined> {
    const found = await this.#readable(labourId, reader);
    if (!found) return undefined;
    const paged = await contractionLists.page<{ id: string; record: ContractionRecord }>(this.db, this.cursors, {
      columns: 'id, record',
      from: recordsOf('contractions', 'startTime', 'start_time'),
      where: [],
      values: [labourId],
      query: page,
    });
    return { ...paged, items: paged.items.map(({ record }) => shownContraction(record, found.isAttending)) };
  }

  async updates(
    labourId: string,
    page: LabourUpdatePage,
    reader: AuthenticatedUser,
  ): Promise<Paged<Wire<LabourUpdateView>> | undefined> {
    const found = await this.#readable(labourId, reader);
    if (!found) return undefined;
    const paged = await updateLists.page<{ id: string; record: LabourUpdateRecord }>(this.db, this.cursors, {
      columns: 'id, record',
      from: recordsOf('updates', 'sentTime', 'sent_time'),
      where: [`($2::text is null or record->>'type' = $2)`, `($3::boolean or record->>'type' <> 'private_note')`],
      values: [labourId, page.type, found.isAttending],
      query: page,
    });
    return { ...paged, items: paged.items.map(({ record }) => shownUpdate(record)) };
  }

  /** All that is kept of a person's labours; undefined when nothing is known of them. */
  async kept(birthingPersonId: string): Promise<readonly Wire<LabourView>[] | undefined> {
    const person = await this.person(birthingPersonId);
    return person?.labours.map((labour) => viewOf({ labour, person, isAttending: true }));
  }

  /** Whose labour that is. */
  async ownerOf(labourId: string): Promise<string | undefined> {
    const [person] = await this.db.query<PersonRow>(ofLabour, [labourId]);
    return person?.id;
  }

  async #active<View>(
    birthingPersonId: string,
    reader: AuthenticatedUser,
    view: (found: Readable) => View,
  ): Promise<Active<View>> {
    const person = await this.person(birthingPersonId);
    if (!person || !mayRead(person, reader)) return reader.id === birthingPersonId ? 'none' : undefined;
    const labour = person.labours.find(({ phase }) => phase !== 'complete');
    return labour ? view({ labour, person, isAttending: isAttending(person, reader) }) : 'none';
  }

  async person(id: string): Promise<PersonRow | undefined> {
    const [person] = await this.db.query<PersonRow>(ofPerson, [id]);
    return person;
  }

  async #readable(labourId: string, reader: AuthenticatedUser): Promise<Readable | undefined> {
    const [person] = await this.db.query<PersonRow>(ofLabour, [labourId]);
    const labour = person?.labours.find(({ id }) => id === labourId);
    if (!person || !labour || !mayRead(person, reader)) return undefined;
    return { labour, person, isAttending: isAttending(person, reader) };
  }
}

/** The labour that a person's command was about: the one under way, or else the latest. */
@Injectable()
export class CurrentLabourQueries implements ResourceQueries<Wire<LabourView>> {
  constructor(private readonly labours: LabourQueries) {}

  async byId(birthingPersonId: string, reader: AuthenticatedUser): Promise<Wire<LabourView> | undefined> {
    const person = await this.labours.person(birthingPersonId);
    const labour = person?.labours.find(({ phase }) => phase !== 'complete') ?? person?.labours.at(-1);
    if (!person || !labour || !mayRead(person, reader)) return undefined;
    return viewOf({ labour, person, isAttending: isAttending(person, reader) });
  }
}

const viewOf = ({ labour, person: { id, version, now }, isAttending }: Readable): Wire<LabourView> =>
  shownLabour(labour, { birthingPersonId: id, version, now, isAttending });

const mayRead = ({ id, subscribers }: PersonRow, reader: AuthenticatedUser): boolean =>
  reader.id === id ||
  reader.roles.includes('admin') ||
  subscribers.some(({ subscriberId, subscribed }) => subscriberId === reader.id && subscribed);

const isAttending = ({ id, subscribers }: PersonRow, reader: AuthenticatedUser): boolean =>
  reader.id === id ||
  subscribers.some(
    ({ subscriberId, subscribed, role }) => subscriberId === reader.id && subscribed && role === 'birth_partner',
  );
