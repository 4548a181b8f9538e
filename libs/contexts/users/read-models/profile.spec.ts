import { describe, expect, it } from '@jest/globals';

import { ProfileChanged, UserUpdated } from '../contract/index.js';
import { happened, userId } from '../doubles/users-scenario.js';
import { profiles } from './profile.projection.js';

/** The n-th event occurs in the n-th second of March. */
const second = (n: number): Date => new Date(Date.UTC(2026, 2, 1, 0, 0, n));

const rowAfter = (...events: readonly object[]) =>
  events.reduce<ReturnType<typeof profiles.fold.apply>>(
    (row, event, index) =>
      profiles.fold.apply(row, event, { version: index + 1, occurredAt: second(index + 1), actor: userId }),
    null,
  );

describe('The profiles', () => {
  it('show whoever was created, with an empty profile', () => {
    expect(rowAfter(happened.created)).toEqual({
      id: userId,
      email: 'ada@example.org',
      username: 'ada_l',
      name: 'Ada L.',
      isActive: true,
      isVerified: false,
      firstName: null,
      lastName: null,
      bio: null,
      avatarUrl: null,
      phoneNumber: null,
      createdAt: second(1),
      updatedAt: second(1),
    });
  });

  it('show what somebody tells of themself as they told it last', () => {
    const changed = new ProfileChanged({ userId, lastName: 'King', bio: 'Writes notes on engines' });
    expect(rowAfter(happened.created, happened.named, changed)).toMatchObject({
      firstName: null,
      lastName: 'King',
      bio: 'Writes notes on engines',
      createdAt: second(1),
      updatedAt: second(3),
    });
  });

  it('show who somebody is by now', () => {
    const updated = new UserUpdated({
      ...happened.verified,
      email: 'ada@example.com',
      isActive: false,
      changed: ['email'],
    });
    expect(rowAfter(happened.created, happened.named, updated)).toMatchObject({
      email: 'ada@example.com',
      isActive: false,
      isVerified: true,
      firstName: 'Ada',
      updatedAt: second(3),
    });
  });

  it('do not show who was forgotten', () => {
    expect(rowAfter(happened.created, happened.named, happened.forgotten)).toBeNull();
  });
});
