import { Aggregate, fold, on, snakeCase } from '#kernel';

import {
  ProfileChanged,
  ProfileForgotten,
  UserCreated,
  UserUpdated,
  type CreateProfile,
  type RecordIdentity,
  type UpdateProfile,
} from '../contract/index.js';
import { NothingToUpdate, UserNotFound } from './errors.js';

/** Who somebody is, as their account last said. */
interface Identity {
  readonly email: string;
  readonly username: string;
  readonly name: string;
  readonly isActive: boolean;
  readonly isVerified: boolean;
}

/** What somebody tells of themself. */
interface Profile {
  readonly firstName?: string;
  readonly lastName?: string;
  readonly bio?: string;
  readonly avatarUrl?: string;
  readonly phoneNumber?: string;
}

interface UserState {
  readonly identity: Identity;
  readonly profile: Profile;
}

interface Asker {
  readonly id: string;
  readonly asAdmin: boolean;
}

const identityOf = ({ email, username, name, isActive, isVerified }: Identity): Identity => ({
  email,
  username,
  name,
  isActive,
  isVerified,
});

const profileOf = ({ firstName, lastName, bio, avatarUrl, phoneNumber }: Profile): Profile => ({
  firstName,
  lastName,
  bio,
  avatarUrl,
  phoneNumber,
});

export class User extends Aggregate<UserState> {
  static readonly streamType = 'users.user';
  static readonly NotFound = UserNotFound;

  protected readonly evolve = fold<UserState>(
    on(UserCreated, (_, created) => ({ identity: identityOf(created), profile: profileOf({}) })),
    on(UserUpdated, (user, updated) => ({ ...user, identity: identityOf(updated) })),
    on(ProfileChanged, (user, changed) => ({ ...user, profile: profileOf(changed) })),
    on(ProfileForgotten, () => null),
  );

  open({ email, username, name, isVerified, firstName, lastName, phoneNumber }: CreateProfile): void {
    const { id: userId } = this;
    const profile = profileOf({ firstName, lastName, phoneNumber });
    this.record(
      new UserCreated({ userId, email, username, name, firstName, lastName, phoneNumber, isActive: true, isVerified }),
    );
    if (namesAField(profile)) this.record(new ProfileChanged({ userId, ...profile }));
  }

  update({ firstName, lastName, bio, avatarUrl, phoneNumber }: UpdateProfile, by: Asker): void {
    if (by.id !== this.id && !by.asAdmin) throw new UserNotFound(this.id);
    if (!namesAField({ firstName, lastName, bio, avatarUrl, phoneNumber })) throw new NothingToUpdate();
    const { identity, profile: before } = this.state;
    const after: Profile = {
      firstName: orBefore(firstName, before.firstName),
      lastName: orBefore(lastName, before.lastName),
      bio: orBefore(bio, before.bio),
      avatarUrl: orBefore(avatarUrl, before.avatarUrl),
      phoneNumber: orBefore(phoneNumber, before.phoneNumber),
    };
    const changes = changed(before, after);
    if (changes.length === 0) return;
    this.record(new ProfileChanged({ userId: this.id, ...after }));
    this.record(new UserUpdated({ userId: this.id, ...identity, ...reachedBy(after), changed: changes }));
  }

  /** What the account says by now. */
  identify({ email, username, name, isActive, isVerified }: RecordIdentity): void {
    const { identity: before, profile } = this.state;
    const after: Identity = {
      email: email ?? before.email,
      username: username ?? before.username,
      name: name ?? before.name,
      isActive: isActive ?? before.isActive,
      isVerified: isVerified ?? before.isVerified,
    };
    const changes = changed(before, after);
    if (changes.length === 0) return;
    this.record(new UserUpdated({ userId: this.id, ...after, ...reachedBy(profile), changed: changes }));
  }

  forget(): void {
    this.record(new ProfileForgotten({ userId: this.id }));
  }
}

/** What the other contexts hear of a profile. */
const reachedBy = ({ firstName, lastName, phoneNumber }: Profile) => ({ firstName, lastName, phoneNumber });

const namesAField = (update: object): boolean => Object.values(update).some((value) => value !== undefined);

/** Absent: as before. Null, or an empty text: none. */
const orBefore = (wanted: string | null | undefined, before: string | undefined): string | undefined =>
  wanted === undefined ? before : (wanted ?? '') || undefined;

/** The wire names of the fields that differ. */
const changed = <T extends object>(before: T, after: T): string[] =>
  (Object.keys(after) as (keyof T & string)[]).filter((field) => after[field] !== before[field]).map(snakeCase);
