import { Aggregate, fold, on } from '#kernel';

import {
  SubscriberForgotten,
  SubscriberIdentityRefreshed,
  SubscriberInviteSent,
  SubscriberRegistered,
  type ContactMethod,
  type RefreshIdentity,
  type SendSubscriberInvite,
} from '../contract/index.js';
import { withoutDoubles } from './contact-methods.js';
import { InviteLimitReached, SubscriberAlreadyExists, SubscriberNotFound } from './errors.js';

type Identity = Omit<SubscriberIdentityRefreshed, 'subscriberId'>;

interface SubscriberState {
  readonly identity: Identity | undefined;
  /** Undefined: not registered. */
  readonly contactMethods: readonly ContactMethod[] | undefined;
  /** Of invitations, within the last day before the latest. */
  readonly invitedAt: readonly number[];
  readonly isForgotten: boolean;
}

const unknown: SubscriberState = {
  identity: undefined,
  contactMethods: undefined,
  invitedAt: [],
  isForgotten: false,
};

const day = 24 * 60 * 60 * 1_000;

/** So many are sent by one user within a day. */
export const mostInvites = 10;

/** A user, known by name and address from the registration of the account on; a subscriber, once registered as one. */
export class Subscriber extends Aggregate<SubscriberState> {
  static readonly streamType = 'subscriptions.subscriber';
  static readonly NotFound = SubscriberNotFound;

  protected readonly evolve = fold<SubscriberState>(
    on(SubscriberIdentityRefreshed, (before, { email, username, name, firstName, lastName, phoneNumber }) => ({
      ...unknown,
      ...before,
      identity: { email, username, name, firstName, lastName, phoneNumber },
    })),
    on(SubscriberRegistered, (before, { contactMethods }) => ({ ...unknown, ...before, contactMethods })),
    on(SubscriberInviteSent, (before, _, { occurredAt }) => ({
      ...unknown,
      ...before,
      invitedAt: [...within(before?.invitedAt ?? [], occurredAt), occurredAt.getTime()],
    })),
    on(SubscriberForgotten, () => ({ ...unknown, isForgotten: true })),
  );

  refreshIdentity({ email, username, name, firstName, lastName, phoneNumber }: RefreshIdentity): void {
    const { identity: before, isForgotten } = this.known;
    if (isForgotten) return;
    const after: Identity = { email, username, name, firstName, lastName, phoneNumber };
    const fields = Object.keys(after) as (keyof Identity)[];
    if (fields.some((field) => after[field] !== before?.[field]))
      this.record(new SubscriberIdentityRefreshed({ subscriberId: this.id, ...after }));
  }

  register(contactMethods: readonly ContactMethod[]): void {
    const { contactMethods: before } = this.present;
    if (before) throw new SubscriberAlreadyExists();
    this.record(new SubscriberRegistered({ subscriberId: this.id, contactMethods: withoutDoubles(contactMethods) }));
  }

  invite({ email }: SendSubscriberInvite, at: Date): void {
    const { invitedAt } = this.present;
    if (within(invitedAt, at).length >= mostInvites) throw new InviteLimitReached(mostInvites);
    this.record(new SubscriberInviteSent({ subscriberId: this.id, email }));
  }

  forget(): void {
    if (!this.known.isForgotten) this.record(new SubscriberForgotten({ subscriberId: this.id }));
  }

  private get known(): SubscriberState {
    return this.exists ? this.state : unknown;
  }

  private get present(): SubscriberState {
    if (this.known.isForgotten) throw new SubscriberNotFound();
    return this.known;
  }
}

const within = (times: readonly number[], at: Date): readonly number[] =>
  times.filter((time) => time > at.getTime() - day);
