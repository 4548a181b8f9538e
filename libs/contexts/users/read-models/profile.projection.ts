import { fold, on, projection } from '#kernel';

import { ProfileChanged, ProfileForgotten, UserCreated, UserUpdated } from '../contract/index.js';
import { ProfileRow } from './profile.entity.js';

const identity = ({ email, username, name, isActive, isVerified }: UserCreated | UserUpdated) => ({
  email,
  username,
  name,
  isActive,
  isVerified,
});

const profile = ({ firstName, lastName, bio, avatarUrl, phoneNumber }: Partial<ProfileChanged>) => ({
  firstName: firstName ?? null,
  lastName: lastName ?? null,
  bio: bio ?? null,
  avatarUrl: avatarUrl ?? null,
  phoneNumber: phoneNumber ?? null,
});

export const profiles = projection('users.profiles', ProfileRow, {
  inline: true,
  fold: fold(
    on(UserCreated, (_, created, { occurredAt }) => ({
      id: created.userId,
      ...identity(created),
      ...profile({}),
      createdAt: occurredAt,
      updatedAt: occurredAt,
    })),
    on(UserUpdated, (row, updated, { occurredAt }) => ({ ...row, ...identity(updated), updatedAt: occurredAt })),
    on(ProfileChanged, (row, changed, { occurredAt }) => ({ ...row, ...profile(changed), updatedAt: occurredAt })),
    on(ProfileForgotten, () => null),
  ),
});
