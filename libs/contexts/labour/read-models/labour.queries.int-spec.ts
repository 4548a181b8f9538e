import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { AuthenticatedUser } from '#platform/auth/authenticated-user.js';
import { EventLog } from '#platform/event-log/event-log.js';
import { Cursors } from '#platform/http/cursors.js';
import { withoutKeys } from '#platform/privacy/privacy.js';
import { RecordedStreams } from '#testing/doubles/recorded-streams.js';

import { InProgressObjections } from '../adapters/objections/in-progress-objections.js';
import {
  BirthingPersonForgotten,
  BirthingPersonRegistered,
  ContractionEnded,
  ContractionStarted,
  IdentityRecorded,
  LabourBegun,
  LabourCompleted,
  LabourPlanned,
  LabourUpdatePosted,
  SubscriberRecorded,
  type LabourUpdateType,
  type SubscriberRole,
} from '../contract/index.js';
import { BirthingPerson } from '../domain/birthing-person.js';
import { birthingPeople } from './birthing-person.projection.js';
import { BirthingPersonQueries } from './birthing-person.queries.js';
import { LabourAudienceQueries } from './labour-audience.queries.js';
import { CurrentLabourQueries, LabourQueries } from './labour.queries.js';
import { LabourPersonalData } from './personal-data.js';

const at = '2026-03-01T10:00:00.000Z';

let recorded: RecordedStreams;
let labours: LabourQueries;

beforeAll(async () => {
  recorded = await RecordedStreams.of(BirthingPerson, birthingPeople);
  labours = new LabourQueries(recorded.reading, new Cursors('a secret that nobody else knows at all'));
});
afterAll(() => recorded?.remove());

const user = (...roles: readonly string[]): AuthenticatedUser => ({ id: randomUUID(), roles: ['user', ...roles] });

interface Mother {
  readonly me: AuthenticatedUser;
  readonly labourId: string;
}

/** Somebody whose labour began then. */
async function mother(startTime = at): Promise<Mother> {
  const me = user();
  const labourId = randomUUID();
  const birthingPersonId = me.id;
  await recorded.happened(
    startTime,
    new IdentityRecorded({ birthingPersonId, username: 'ada_l', name: '', firstName: 'Ada', lastName: 'Lovelace' }),
    new BirthingPersonRegistered({ birthingPersonId }),
    new LabourBegun({ labourId, birthingPersonId, firstLabour: true, startTime }),
  );
  return { me, labourId };
}

async function follower({ me }: Mother, role: SubscriberRole, subscribed = true): Promise<AuthenticatedUser> {
  const reader = user();
  await recorded.happened(at, new IdentityRecorded({ birthingPersonId: reader.id, username: `the ${role}`, name: '' }));
  await recorded.happened(
    at,
    new SubscriberRecorded({
      birthingPersonId: me.id,
      subscriptionId: randomUUID(),
      subscriberId: reader.id,
      subscribed,
      subscribedVersion: 1,
      role,
      roleVersion: 1,
    }),
  );
  return reader;
}

async function had({ me, labourId }: Mother, ...minutes: readonly number[]): Promise<void> {
  for (const minute of minutes) {
    const startTime = new Date(Date.parse(at) + minute * 60_000).toISOString();
    const endTime = new Date(Date.parse(startTime) + 60_000).toISOString();
    const ids = { labourId, birthingPersonId: me.id, contractionId: randomUUID() };
    await recorded.happened(
      at,
      new ContractionStarted({ ...ids, startTime }),
      new ContractionEnded({ ...ids, startTime, endTime, durationSeconds: 60, intensity: 5, notes: 'In the back' }),
    );
  }
}

async function posted({ me, labourId }: Mother, ...types: readonly LabourUpdateType[]): Promise<void> {
  for (const [n, type] of types.entries())
    await recorded.happened(
      at,
      new LabourUpdatePosted({
        labourId,
        birthingPersonId: me.id,
        labourUpdateId: randomUUID(),
        type,
        message: `number ${n}`,
        sentTime: new Date(Date.parse(at) + n * 1_000).toISOString(),
        applicationGenerated: false,
      }),
    );
}

describe('A labour', () => {
  it('is read by its birthing person, by those who follow and by administrators', async () => {
    const ada = await mother();
    const [partner, friend, gone] = [
      await follower(ada, 'birth_partner'),
      await follower(ada, 'loved_one'),
      await follower(ada, 'loved_one', false),
    ];
    for (const reader of [ada.me, partner, friend, user('admin')])
      expect(await labours.byId(ada.labourId, reader)).toMatchObject({ id: ada.labourId, current_phase: 'early' });
    for (const stranger of [gone, user()]) {
      expect(await labours.byId(ada.labourId, stranger)).toBeUndefined();
      expect(await labours.active(ada.me.id, stranger)).toBeUndefined();
      expect(await labours.summary(ada.me.id, stranger)).toBeUndefined();
      expect(await labours.statistics(ada.labourId, stranger)).toBeUndefined();
      expect(await labours.contractions(ada.labourId, {}, stranger)).toBeUndefined();
      expect(await labours.updates(ada.labourId, {}, stranger)).toBeUndefined();
    }
  });

  it('shows what is private to those who attend, and not to administrators', async () => {
    const ada = await mother();
    await had(ada, 0);
    await posted(ada, 'private_note', 'status_update');
    const [partner, friend] = [await follower(ada, 'birth_partner'), await follower(ada, 'support_person')];
    const seen = async (reader: AuthenticatedUser) => {
      const labour = await labours.byId(ada.labourId, reader);
      const [contractions, updates] = [
        await labours.contractions(ada.labourId, {}, reader),
        await labours.updates(ada.labourId, { include: 'total' }, reader),
      ];
      expect(contractions?.items).toEqual(labour?.contractions);
      expect(updates?.items.toReversed()).toEqual(labour?.updates);
      return { notes: labour?.contractions[0]?.notes, updates: updates?.total };
    };
    for (const reader of [ada.me, partner]) expect(await seen(reader)).toEqual({ notes: 'In the back', updates: 2 });
    for (const reader of [friend, user('admin')]) expect(await seen(reader)).toEqual({ notes: null, updates: 1 });
  });

  it('lists its contractions page by page, by their starts', async () => {
    const ada = await mother();
    await had(ada, 20, 0, 10);
    const starts = async (sort?: string) => {
      const found: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await labours.contractions(ada.labourId, { limit: 2, sort, cursor }, ada.me);
        found.push(...(page?.items ?? []).map((one) => one.start_time.slice(11, 16)));
        cursor = page?.next_cursor ?? undefined;
      } while (cursor);
      return found;
    };
    expect(await starts()).toEqual(['10:00', '10:10', '10:20']);
    expect(await starts('-start_time')).toEqual(['10:20', '10:10', '10:00']);
  });

  it('lists its updates by type, the newest first', async () => {
    const ada = await mother();
    await posted(ada, 'announcement', 'status_update', 'announcement');
    const messages = async (type?: LabourUpdateType) =>
      (await labours.updates(ada.labourId, { type }, ada.me))?.items.map(({ message }) => message);
    expect(await messages('announcement')).toEqual(['number 2', 'number 0']);
    expect(await messages()).toEqual(['number 2', 'number 1', 'number 0']);
  });

  it('is under way until it is complete, and told of afterwards to whom the command was', async () => {
    const ada = await mother();
    const current = new CurrentLabourQueries(labours);
    expect(await labours.active(ada.me.id, ada.me)).toMatchObject({ id: ada.labourId });
    await recorded.happened(
      at,
      new LabourCompleted({ labourId: ada.labourId, birthingPersonId: ada.me.id, endTime: '2026-03-01T12:15:00.000Z' }),
    );
    expect(await labours.active(ada.me.id, ada.me)).toBe('none');
    expect(await current.byId(ada.me.id, ada.me)).toMatchObject({ id: ada.labourId, current_phase: 'complete' });
    expect(await current.byId(ada.me.id, user())).toBeUndefined();
  });

  it('is in the list of its birthing person alone', async () => {
    const ada = await mother();
    const planned = randomUUID();
    await recorded.happened(
      '2026-03-02T10:00:00.000Z',
      new LabourPlanned({ labourId: planned, birthingPersonId: ada.me.id, firstLabour: false, dueDate: at }),
    );
    const ids = async (id: string, sort?: string) =>
      (await labours.list(id, { sort, include: 'total' })).items.map((one) => one.id);
    expect(await ids(ada.me.id)).toEqual([planned, ada.labourId]);
    expect(await ids(ada.me.id, 'start_time')).toEqual([ada.labourId, planned]);
    expect(await ids(user().id)).toEqual([]);
    expect(await labours.ownerOf(planned)).toBe(ada.me.id);
    expect(await labours.ownerOf(randomUUID())).toBeUndefined();
  });

  it('is heard of by those who follow now, what is private by birth partners', async () => {
    const ada = await mother();
    const [partner, friend] = [await follower(ada, 'birth_partner'), await follower(ada, 'loved_one')];
    await follower(ada, 'birth_partner', false);
    const audience = new LabourAudienceQueries(recorded.reading);
    expect(await audience.all(ada.me.id)).toEqual([ada.me.id, partner.id, friend.id]);
    expect(await audience.attending(ada.me.id)).toEqual([ada.me.id, partner.id]);
    expect(await audience.others(ada.me.id)).toEqual([friend.id]);
  });

  it('keeps the account from its beginning to its end', async () => {
    const ada = await mother();
    const objections = new InProgressObjections(recorded.reading);
    expect(await objections.against(ada.me.id)).toMatchObject({ reason: 'labour_in_progress' });
    await recorded.happened(
      at,
      new LabourCompleted({ labourId: ada.labourId, birthingPersonId: ada.me.id, endTime: at }),
      new LabourPlanned({ labourId: randomUUID(), birthingPersonId: ada.me.id, firstLabour: false, dueDate: at }),
    );
    expect(await objections.against(ada.me.id)).toBeUndefined();
    expect(await objections.against(user().id)).toBeUndefined();
  });
});

describe('A birthing person', () => {
  it('sees names, labours and who follows now', async () => {
    const ada = await mother();
    const partner = await follower(ada, 'birth_partner');
    await follower(ada, 'loved_one', false);
    const people = new BirthingPersonQueries(recorded.reading);
    expect(await people.byId(ada.me.id, ada.me)).toMatchObject({
      name: 'Ada Lovelace',
      first_name: 'Ada',
      labours: [{ id: ada.labourId, birthing_person_id: ada.me.id }],
      subscribers: [{ id: partner.id, role: 'birth_partner', name: 'the birth_partner' }],
    });
    expect(await people.byId(ada.me.id, partner)).toBeUndefined();
    expect(await people.byId(partner.id, partner)).toBeUndefined();
  });

  it('gets all that is kept of them, and nothing after they were forgotten', async () => {
    const ada = await mother();
    await posted(ada, 'private_note');
    const data = new LabourPersonalData(labours, new EventLog(recorded.reading, withoutKeys));
    const kept = (await data.of(ada.me.id)) as { labours: readonly object[]; history: readonly object[] };
    expect(kept.labours).toMatchObject([{ updates: [{ type: 'private_note' }] }]);
    expect(kept.history).toHaveLength(4);
    await recorded.happened(at, new BirthingPersonForgotten({ birthingPersonId: ada.me.id }));
    expect(await data.of(ada.me.id)).toBeUndefined();
  });
});
