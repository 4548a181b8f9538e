import { Injectable } from '@nestjs/common';

import type { Wire } from '#kernel';
import type { AuthenticatedUser } from '#platform/auth/authenticated-user.js';
import { ReadDatabase } from '#platform/database/read-database.js';
import type { ResourceQueries } from '#platform/http/resource.js';

import type { ShareSettingsView } from './subscription-views.js';

const byId = {
  name: 'subscriptions_share_settings_by_id',
  text: `
    select id as birthing_person_id, version, token, approval_required
    from subscriptions.share_settings where id = $1 and token <> ''`,
};

/** Everybody reads their own: not even administrators see the token of others. */
@Injectable()
export class ShareSettingsQueries implements ResourceQueries<Wire<ShareSettingsView>> {
  constructor(private readonly db: ReadDatabase) {}

  async byId(id: string, reader: Pick<AuthenticatedUser, 'id'>): Promise<Wire<ShareSettingsView> | undefined> {
    return id === reader.id ? this.of(id) : undefined;
  }

  /** Without a look at who reads it. */
  async of(id: string): Promise<Wire<ShareSettingsView> | undefined> {
    const [found] = await this.db.query<Wire<ShareSettingsView>>(byId, [id]);
    return found;
  }
}
