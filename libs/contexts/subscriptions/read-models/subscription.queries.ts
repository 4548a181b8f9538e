import { Injectable } from '@nestjs/common';
import { IsArray, IsIn } from 'class-validator';

import { Example, Optional, type Wire } from '#kernel';
import type { AuthenticatedUser } from '#platform/auth/authenticated-user.js';
import { ReadDatabase } from '#platform/database/read-database.js';
import { Cursors } from '#platform/http/cursors.js';
import { keyset, sortsOf } from '#platform/http/keyset.js';
import { Page, type Paged } from '#platform/http/page.js';
import type { ResourceQueries } from '#platform/http/resource.js';

import { SubscriptionStatuses, type SubscriptionStatus } from '../contract/index.js';
import { shownName } from './shown-names.js';
import type { SubscriptionView } from './subscription-views.js';

const sorts = {
  created_at: { expression: 'created_at', type: 'timestamptz' },
  updated_at: { expression: 'updated_at', type: 'timestamptz' },
};
const own = keyset({ name: 'subscriptions.own', sorts, default: '-created_at' });
const toMe = keyset({ name: 'subscriptions.to_me', sorts, default: '-created_at' });

/** Those that whoever follows, or asks for it, is shown of their own. Who was removed or blocked is not told. */
const shownToSubscribers = ['requested', 'subscribed'] as const;

export class OwnSubscriptionPage extends Page {
  @Optional()
  @IsArray()
  @IsIn(shownToSubscribers, { each: true })
  readonly status?: (typeof shownToSubscribers)[number][];
  @Optional() @IsIn(sortsOf(own)) @Example('-created_at') readonly sort?: string;
}

export class SubscriptionPage extends Page {
  @Optional() @IsArray() @IsIn(SubscriptionStatuses, { each: true }) readonly status?: SubscriptionStatus[];
  @Optional() @IsIn(sortsOf(toMe)) @Example('-created_at') readonly sort?: string;
}

const columns = `id, version, subscriber_id, subscriber_name, birthing_person_id, birthing_person_name, status, role,
  contact_methods, phase, created_at, updated_at`;

const shown = `(
  select s.*, ${shownName('f')} as subscriber_name, ${shownName('b')} as birthing_person_name,
    case when s.status = 'subscribed' then l.phase end as phase
  from subscriptions.subscriptions s
    left join subscriptions.subscribers f on f.id = s.subscriber_id
    left join subscriptions.subscribers b on b.id = s.birthing_person_id
    left join subscriptions.followed_labours l on l.id = s.birthing_person_id
) as shown`;

const byId = {
  name: 'subscriptions_by_id',
  text: `
    select ${columns} from ${shown}
    where id = $1 and (birthing_person_id = $2 or (subscriber_id = $2 and status = any($3)))`,
};

/** The birthing person reads a subscription in whatever status; whoever follows, only while that is so. */
@Injectable()
export class SubscriptionQueries implements ResourceQueries<Wire<SubscriptionView>> {
  constructor(
    private readonly db: ReadDatabase,
    private readonly cursors: Cursors,
  ) {}

  async byId(id: string, reader: AuthenticatedUser): Promise<Wire<SubscriptionView> | undefined> {
    return this.shown(id, reader, ['subscribed']);
  }

  /** @param statuses those in which the subscriber sees it */
  async shown(
    id: string,
    reader: AuthenticatedUser,
    statuses: readonly SubscriptionStatus[],
  ): Promise<Wire<SubscriptionView> | undefined> {
    const [found] = await this.db.query<Wire<SubscriptionView>>(byId, [id, reader.id, statuses]);
    return found;
  }

  /** Whom somebody follows, or asked to. */
  of({ id }: AuthenticatedUser, page: OwnSubscriptionPage): Promise<Paged<Wire<SubscriptionView>>> {
    return own.page<Wire<SubscriptionView>>(this.db, this.cursors, {
      columns,
      from: shown,
      where: ['subscriber_id = $1', 'status = any($2)'],
      values: [id, page.status ?? shownToSubscribers],
      query: page,
    });
  }

  /** By whom somebody is followed, was, or is asked to be. */
  to({ id }: AuthenticatedUser, page: SubscriptionPage): Promise<Paged<Wire<SubscriptionView>>> {
    return toMe.page<Wire<SubscriptionView>>(this.db, this.cursors, {
      columns,
      from: shown,
      where: ['birthing_person_id = $1', '($2::text[] is null or status = any($2))'],
      values: [id, page.status],
      query: page,
    });
  }
}

/** What becomes of a subscription by what its subscriber has just done. */
@Injectable()
export class OwnSubscriptionQueries implements ResourceQueries<Wire<SubscriptionView>> {
  constructor(private readonly subscriptions: SubscriptionQueries) {}

  byId(id: string, reader: AuthenticatedUser): Promise<Wire<SubscriptionView> | undefined> {
    return this.subscriptions.shown(id, reader, shownToSubscribers);
  }
}
