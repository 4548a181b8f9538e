import { Aggregate, fold, on } from '#kernel';

import {
  Channels,
  ContactForgotten,
  ContactRecorded,
  InboxRead,
  PreferencesUpdated,
  Topics,
  type ChannelChoice,
  type RecordContact,
} from '../contract/index.js';
import { AccountTopicRequired, RecipientNotFound } from './errors.js';

type ContactDetails = Omit<ContactRecorded, 'userId'>;

interface RecipientState {
  readonly contact: ContactDetails | undefined;
  readonly preferences: ChannelChoice;
  readonly readUntil: string | undefined;
  readonly isForgotten: boolean;
}

const unknown: RecipientState = { contact: undefined, preferences: {}, readUntil: undefined, isForgotten: false };

/** What is known of a user to whom things are said. */
export class Recipient extends Aggregate<RecipientState> {
  static readonly streamType = 'notifications.recipient';
  static readonly NotFound = RecipientNotFound;

  protected readonly evolve = fold<RecipientState>(
    on(ContactRecorded, (before, { email, username, name, firstName, lastName, phoneNumber }) => ({
      ...unknown,
      ...before,
      contact: { email, username, name, firstName, lastName, phoneNumber },
    })),
    on(PreferencesUpdated, (before, { topics }) => ({ ...unknown, ...before, preferences: topics })),
    on(InboxRead, (before, { readUntil }) => ({ ...unknown, ...before, readUntil })),
    on(ContactForgotten, () => ({ ...unknown, isForgotten: true })),
  );

  recordContact({ email, username, name, firstName, lastName, phoneNumber }: RecordContact): void {
    const { contact: before, isForgotten } = this.known;
    if (isForgotten) return;
    const after: ContactDetails = {
      email,
      username,
      name,
      firstName: orBefore(firstName, before?.firstName),
      lastName: orBefore(lastName, before?.lastName),
      phoneNumber: orBefore(phoneNumber, before?.phoneNumber),
    };
    const fields = Object.keys(after) as (keyof ContactDetails)[];
    if (fields.some((field) => after[field] !== before?.[field]))
      this.record(new ContactRecorded({ userId: this.id, ...after }));
  }

  setPreferences(topics: ChannelChoice): void {
    const { preferences } = this.present;
    if (topics.account && topics.account.length < Channels.length) throw new AccountTopicRequired();
    const chosen = choiceOf(topics);
    if (JSON.stringify(chosen) !== JSON.stringify(preferences))
      this.record(new PreferencesUpdated({ userId: this.id, topics: chosen }));
  }

  readInbox(at: Date): void {
    const { readUntil } = this.present;
    const until = at.toISOString();
    if (readUntil === undefined || readUntil < until) this.record(new InboxRead({ userId: this.id, readUntil: until }));
  }

  forget(): void {
    if (!this.known.isForgotten) this.record(new ContactForgotten({ userId: this.id }));
  }

  private get known(): RecipientState {
    return this.exists ? this.state : unknown;
  }

  private get present(): RecipientState {
    if (this.known.isForgotten) throw new RecipientNotFound(this.id);
    return this.known;
  }
}

/** Absent: as before. Null: none. */
const orBefore = (said: string | null | undefined, before: string | undefined): string | undefined =>
  said === undefined ? before : (said ?? undefined);

/** The same choice in the same words: topics and channels in their order, without those that are heard of by all. */
const choiceOf = (topics: ChannelChoice): ChannelChoice =>
  Object.fromEntries(
    Topics.flatMap((topic) => {
      const chosen = topics[topic];
      if (!chosen || chosen.length === Channels.length) return [];
      return [[topic, Channels.filter((channel) => chosen.includes(channel))]];
    }),
  );
