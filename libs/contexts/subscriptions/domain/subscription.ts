import { Aggregate, fold, on } from '#kernel';

import {
  ContactMethodsUpdated,
  SubscribedTo,
  SubscriberApproved,
  SubscriberBlocked,
  SubscriberRemoved,
  SubscriberRequested,
  SubscriberRoleUpdated,
  SubscriberUnblocked,
  SubscriptionEnded,
  UnsubscribedFrom,
  type ContactMethod,
  type SubscriberRole,
  type SubscriptionStatus,
} from '../contract/index.js';
import { withoutDoubles } from './contact-methods.js';
import {
  AlreadyRemoved,
  AlreadyRequested,
  AlreadySubscribed,
  BlockedFromSubscribing,
  NotBlocked,
  NotRequested,
  NotSubscribed,
  RoleUnchanged,
  SubscriberIsBlocked,
  SubscriptionNotFound,
} from './errors.js';

interface Parties {
  readonly subscriberId: string;
  readonly birthingPersonId: string;
}

interface SubscriptionState extends Parties {
  readonly status: SubscriptionStatus;
  readonly role: SubscriberRole;
  readonly contactMethods: readonly ContactMethod[];
}

/** What a subscription begins with, also one that begins again. */
const firstRole: SubscriberRole = 'loved_one';

export class Subscription extends Aggregate<SubscriptionState> {
  static readonly streamType = 'subscriptions.subscription';
  static readonly NotFound = SubscriptionNotFound;

  protected readonly evolve = fold<SubscriptionState>(
    on(SubscriberRequested, (_, { subscriberId, birthingPersonId, contactMethods }) => ({
      subscriberId,
      birthingPersonId,
      status: 'requested',
      role: firstRole,
      contactMethods,
    })),
    on(SubscriberApproved, (before) => before),
    on(SubscribedTo, (_, { subscriberId, birthingPersonId, role, contactMethods }) => ({
      subscriberId,
      birthingPersonId,
      status: 'subscribed',
      role,
      contactMethods,
    })),
    on(UnsubscribedFrom, (before) => ({ ...before, status: 'unsubscribed' })),
    on(SubscriberRemoved, (before) => ({ ...before, status: 'removed' })),
    on(SubscriberBlocked, (before) => ({ ...before, status: 'blocked' })),
    on(SubscriberUnblocked, (before) => ({ ...before, status: 'removed' })),
    on(SubscriberRoleUpdated, (before, { role }) => ({ ...before, role })),
    on(ContactMethodsUpdated, (before, { contactMethods }) => ({ ...before, contactMethods })),
    on(SubscriptionEnded, () => null),
  );

  /**
   * Begins, or begins again: in no role that was given before.
   * @param contactMethods what the subscriber wants of new subscriptions
   */
  subscribe(
    { subscriberId, birthingPersonId }: Parties,
    { approvalRequired, contactMethods }: { approvalRequired: boolean; contactMethods: readonly ContactMethod[] },
  ): void {
    const status = this.exists ? this.state.status : undefined;
    if (status === 'requested') throw new AlreadyRequested();
    if (status === 'subscribed') throw new AlreadySubscribed();
    if (status === 'blocked') throw new BlockedFromSubscribing();
    const parties = { subscriptionId: this.id, subscriberId, birthingPersonId };
    if (approvalRequired) this.record(new SubscriberRequested({ ...parties, contactMethods }));
    else this.record(new SubscribedTo({ ...parties, role: firstRole, contactMethods, version: this.version + 1 }));
  }

  unsubscribe(by: string): void {
    if (this.state.subscriberId !== by || this.state.status !== 'subscribed') throw new NotSubscribed();
    this.endFollowing();
  }

  approve(by: string): void {
    const { status, role, contactMethods } = this.ownedBy(by);
    if (status === 'subscribed') throw new AlreadySubscribed();
    if (status === 'blocked') throw new SubscriberIsBlocked();
    if (status !== 'requested') throw new NotRequested();
    this.record(new SubscriberApproved(this.parties));
    this.record(new SubscribedTo({ ...this.parties, role, contactMethods, version: this.version + 1 }));
  }

  remove(by: string): void {
    const { status } = this.ownedBy(by);
    if (status === 'removed') throw new AlreadyRemoved();
    if (status === 'blocked') throw new SubscriberIsBlocked();
    this.endFollowing();
    this.record(new SubscriberRemoved(this.parties));
  }

  block(by: string): void {
    const { status } = this.ownedBy(by);
    if (status === 'blocked') throw new SubscriberIsBlocked();
    this.endFollowing();
    this.record(new SubscriberBlocked(this.parties));
  }

  unblock(by: string): void {
    if (this.ownedBy(by).status !== 'blocked') throw new NotBlocked();
    this.record(new SubscriberUnblocked(this.parties));
  }

  setRole(role: SubscriberRole, by: string): void {
    const { status, role: before } = this.ownedBy(by);
    if (status !== 'subscribed') throw new NotSubscribed();
    if (role === before) throw new RoleUnchanged(role);
    this.record(new SubscriberRoleUpdated({ ...this.parties, role, version: this.version + 1 }));
  }

  setContactMethods(wanted: readonly ContactMethod[], by: string): void {
    const contactMethods = withoutDoubles(wanted);
    const { subscriberId, status, contactMethods: before } = this.state;
    if (subscriberId !== by) throw new SubscriptionNotFound(this.id);
    if (status !== 'subscribed' && status !== 'requested') throw new NotSubscribed();
    if (JSON.stringify(contactMethods) === JSON.stringify(before)) return;
    this.record(new ContactMethodsUpdated({ ...this.parties, contactMethods }));
  }

  /** The account of one of the two is deleted. */
  end(): void {
    this.endFollowing();
    this.record(new SubscriptionEnded({ subscriptionId: this.id }));
  }

  private endFollowing(): void {
    const { status, role } = this.state;
    if (status !== 'subscribed') return;
    this.record(new UnsubscribedFrom({ ...this.parties, role, version: this.version + 1 }));
  }

  private get parties(): Parties & { readonly subscriptionId: string } {
    const { subscriberId, birthingPersonId } = this.state;
    return { subscriptionId: this.id, subscriberId, birthingPersonId };
  }

  private ownedBy(birthingPerson: string): SubscriptionState {
    if (this.state.birthingPersonId !== birthingPerson) throw new SubscriptionNotFound(this.id);
    return this.state;
  }
}
