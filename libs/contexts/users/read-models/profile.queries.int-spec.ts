import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { NotificationOverview } from '#contexts/notifications/contract/index.js';
import { TaskOverview, type RecentTask, type TaskFigures } from '#contexts/tasks/contract/index.js';
import type { AuthenticatedUser } from '#platform/auth/authenticated-user.js';
import { EventLog } from '#platform/event-log/event-log.js';
import { withoutKeys } from '#platform/privacy/privacy.js';
import { RecordedStreams } from '#testing/doubles/recorded-streams.js';

import { ProfileChanged, ProfileForgotten, UserCreated, UserUpdated } from '../contract/index.js';
import { User } from '../domain/user.js';
import { DashboardQueries } from './dashboard.queries.js';
import { UserPersonalData } from './personal-data.js';
import { profiles as shown } from './profile.projection.js';
import { ProfileQueries } from './profile.queries.js';

const at = '2026-03-01T10:00:00.000Z';
const later = '2026-03-02T10:00:00.000Z';

let recorded: RecordedStreams;
let profiles: ProfileQueries;

beforeAll(async () => {
  recorded = await RecordedStreams.of(User, shown);
  profiles = new ProfileQueries(recorded.reading);
});
afterAll(() => recorded?.remove());

const user = (...roles: readonly string[]): AuthenticatedUser => ({ id: randomUUID(), roles: ['user', ...roles] });

const identity = { email: 'ada@example.org', username: 'ada_l', name: 'Ada L.', isActive: true, isVerified: false };

/** Somebody who has come, and tells that of themself. */
async function somebody(tells: Partial<ProfileChanged> = {}): Promise<AuthenticatedUser> {
  const me = user();
  await recorded.happened(at, new UserCreated({ userId: me.id, ...identity }));
  if (Object.keys(tells).length > 0) await recorded.happened(later, new ProfileChanged({ userId: me.id, ...tells }));
  return me;
}

describe('A profile', () => {
  it('is shown whole to whom it is about', async () => {
    const me = await somebody({
      firstName: 'Ada',
      lastName: 'Lovelace',
      bio: ' a\nb ',
      avatarUrl: 'https://example.org/ada.png',
      phoneNumber: '+441632960961',
    });
    expect(await profiles.byId(me.id, me)).toEqual({
      id: me.id,
      version: 2,
      email: 'ada@example.org',
      username: 'ada_l',
      name: 'Ada L.',
      first_name: 'Ada',
      last_name: 'Lovelace',
      full_name: 'Ada Lovelace',
      bio: ' a\nb ',
      avatar_url: 'https://example.org/ada.png',
      phone_number: '+441632960961',
      is_active: true,
      is_verified: false,
      created_at: new Date(at),
      updated_at: new Date(later),
    });
  });

  it.each([
    [{ firstName: 'Ada', lastName: 'Lovelace' }, 'Ada Lovelace'],
    [{ firstName: 'Ada' }, 'Ada'],
    [{ lastName: 'Lovelace' }, 'Lovelace'],
    [{ bio: 'Nobody knows' }, ''],
  ])('of %j has the full name %j', async (tells, fullName) => {
    const me = await somebody(tells);
    expect(await profiles.byId(me.id, me)).toMatchObject({ full_name: fullName });
  });

  it('is shown to administrators, and does not exist for anybody else', async () => {
    const { id } = await somebody();
    expect(await profiles.byId(id, user('admin'))).toMatchObject({ id });
    expect(await profiles.byId(id, user('analyst'))).toBeUndefined();
  });

  it('is not shown any more once its user was forgotten', async () => {
    const me = await somebody({ bio: 'Gone' });
    await recorded.happened(later, new ProfileForgotten({ userId: me.id }));
    expect(await profiles.byId(me.id, me)).toBeUndefined();
  });
});

const id = randomUUID();
const task: RecentTask = {
  id,
  title: 'Pack the hospital bag',
  status: 'pending',
  priority: 'high',
  due_date: null,
  is_overdue: false,
  created_at: new Date(at),
};

/** Everybody has the same tasks. */
class FixedTaskOverview extends TaskOverview {
  async summary(): Promise<TaskFigures> {
    return { total: 7, overdue: 1, by_status: { pending: 2, in_progress: 1, completed: 3, cancelled: 1 } };
  }

  async recent(_: string, limit: number): Promise<readonly RecentTask[]> {
    return Array.from({ length: limit }, () => task);
  }
}

/** Everybody has as many left to read. */
class FixedNotificationOverview extends NotificationOverview {
  async unread(): Promise<number> {
    return 4;
  }
}

const dashboardsOf = (queries: ProfileQueries): DashboardQueries =>
  new DashboardQueries(queries, new FixedTaskOverview(), new FixedNotificationOverview());

describe('A dashboard', () => {
  it('shows who somebody is, how their tasks stand, and the last five', async () => {
    const me = await somebody();
    expect(await dashboardsOf(profiles).of(me.id, me)).toEqual({
      user: await profiles.byId(me.id, me),
      task_count: 7,
      tasks_by_status: { pending: 2, in_progress: 1, completed: 3, cancelled: 1 },
      overdue_tasks: 1,
      completed_tasks: 3,
      pending_tasks: 2,
      unread_notifications: 4,
      recent_tasks: [task, task, task, task, task],
    });
  });

  it('is shown to administrators, and does not exist for anybody else', async () => {
    const me = await somebody();
    const dashboards = dashboardsOf(profiles);
    expect(await dashboards.of(me.id, user('admin'))).toMatchObject({ user: { id: me.id } });
    expect(await dashboards.of(me.id, user('analyst'))).toBeUndefined();
    expect(await dashboards.of(randomUUID(), user('admin'))).toBeUndefined();
  });
});

describe('What is kept of a user', () => {
  it('is the profile, and what it said before', async () => {
    const me = await somebody({ bio: 'Wrote notes on engines' });
    await recorded.happened(
      later,
      new ProfileChanged({ userId: me.id }),
      new UserUpdated({ userId: me.id, ...identity, changed: ['bio'] }),
    );
    const personal = new UserPersonalData(profiles, new EventLog(recorded.reading, withoutKeys));
    expect(await personal.of(me.id)).toMatchObject({
      profile: { id: me.id, bio: null, email: 'ada@example.org' },
      history: [
        { version: 1, type: 'user.created.v1', data: { email: 'ada@example.org' }, occurred_at: new Date(at) },
        { version: 2, type: 'profile.changed.v1', data: { bio: 'Wrote notes on engines' } },
        { version: 3, type: 'profile.changed.v1', data: { user_id: me.id } },
        { version: 4, type: 'user.updated.v1', data: { changed: ['bio'] } },
      ],
    });
  });

  it('is nothing where there is no such user', async () => {
    const personal = new UserPersonalData(profiles, new EventLog(recorded.reading, withoutKeys));
    expect(await personal.of(randomUUID())).toBeUndefined();
  });
});
