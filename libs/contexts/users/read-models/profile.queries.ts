import { Injectable } from '@nestjs/common';

import type { Wire } from '#kernel';
import type { AuthenticatedUser } from '#platform/auth/authenticated-user.js';
import { ReadDatabase } from '#platform/database/read-database.js';
import type { ResourceQueries } from '#platform/http/resource.js';

import type { ProfileView } from './profile-views.js';

const byId = {
  name: 'users_profile_by_id',
  text: `
    select id, version, email, username, name, first_name, last_name, concat_ws(' ', first_name, last_name) as full_name,
      bio, avatar_url, phone_number, is_active, is_verified, created_at, updated_at
    from users.profiles where id = $1`,
};

/** Everybody reads their own profile, administrators those of others too. */
@Injectable()
export class ProfileQueries implements ResourceQueries<Wire<ProfileView>> {
  constructor(private readonly db: ReadDatabase) {}

  async byId(id: string, reader: AuthenticatedUser): Promise<Wire<ProfileView> | undefined> {
    return mayRead(id, reader) ? this.of(id) : undefined;
  }

  /** Without a look at who reads it. */
  async of(id: string): Promise<Wire<ProfileView> | undefined> {
    const [profile] = await this.db.query<Wire<ProfileView>>(byId, [id]);
    return profile;
  }
}

/** Whether somebody may read what is kept of that person. */
export const mayRead = (id: string, reader: AuthenticatedUser): boolean =>
  reader.id === id || reader.roles.includes('admin');
