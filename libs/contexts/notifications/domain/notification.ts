import { Aggregate, fold, on } from '#kernel';

import {
  keptOnceDelivered,
  linkPlaceholder,
  maxRetries,
  NotificationDeleted,
  NotificationDelivered,
  NotificationFailed,
  NotificationNotFound,
  NotificationRead,
  NotificationRequested,
  NotificationSent,
  NotificationSuppressed,
  type Channel,
  type NotificationStatus,
  type RecordDelivery,
  type RequestNotification,
  type SecretLink,
  type Topic,
} from '../contract/index.js';
import type { Asker } from './asker.js';
import { allows, destination, masked, type Contact } from './contact.js';
import {
  ContentRequired,
  NotificationAlreadySent,
  NotificationNotFailed,
  NotificationNotPending,
  NotInApp,
  RetryLimitReached,
  TemplateInactive,
  TemplateNotFound,
} from './errors.js';
import type { Delivery, MessageLink, OutgoingMessage } from './outgoing-message.js';
import { reported } from './provider-reports.js';
import { cut, line, render, type TemplateText } from './template-text.js';

interface NotificationState {
  readonly subjectId: string;
  readonly userId: string | undefined;
  readonly channel: Channel;
  readonly recipient: string;
  readonly template: string | undefined;
  readonly topic: Topic;
  readonly title: string;
  readonly message: string;
  readonly link: SecretLink | undefined;
  readonly status: NotificationStatus;
  readonly retryCount: number;
  readonly externalId: string | undefined;
  readonly isRead: boolean;
}

/** What is known of those whom a notification concerns. */
interface Known {
  readonly contact: Contact | undefined;
  readonly template: TemplateText | undefined;
}

interface Content {
  readonly topic: Topic;
  readonly title: string;
  readonly message: string;
}

const opened = (event: NotificationRequested | NotificationSuppressed): Omit<NotificationState, 'status' | 'link'> => ({
  subjectId: event.subjectId,
  userId: event.userId,
  channel: event.channel,
  recipient: event.recipient,
  template: event.template,
  topic: event.topic,
  title: event.title,
  message: event.message,
  retryCount: 0,
  externalId: undefined,
  isRead: false,
});

export class Notification extends Aggregate<NotificationState> {
  static readonly streamType = 'notifications.notification';
  static readonly NotFound = NotificationNotFound;

  protected readonly evolve = fold<NotificationState>(
    on(NotificationRequested, (_, event) => ({ ...opened(event), link: event.link, status: 'pending' })),
    on(NotificationSuppressed, (_, event) => ({ ...opened(event), link: undefined, status: 'suppressed' })),
    on(NotificationSent, (notification, { externalId, retryCount }) => ({
      ...notification,
      status: 'sent',
      externalId,
      retryCount,
    })),
    on(NotificationFailed, (notification, { retryCount }) => ({ ...notification, status: 'failed', retryCount })),
    on(NotificationDelivered, ({ channel, message, ...notification }) => ({
      ...notification,
      channel,
      message: keptOnceDelivered(channel, message),
      status: 'delivered',
    })),
    on(NotificationRead, (notification) => ({ ...notification, isRead: true })),
    on(NotificationDeleted, () => null),
  );

  request(command: RequestNotification, { contact, template }: Known, at: Date): void {
    const { subjectId, userId, channel, metadata, dedupKey, link } = command;
    const { topic, title, message } = contentOf(command, template);
    const details = {
      notificationId: this.id,
      subjectId,
      channel,
      recipient: destination({ channel, userId, recipient: command.recipient }, contact),
      template: command.template,
      topic,
      title,
      message,
      metadata,
      dedupKey,
    };
    if (userId !== undefined && contact && !allows(contact.preferences, topic, channel))
      return this.record(new NotificationSuppressed({ ...details, userId }));
    this.record(new NotificationRequested({ ...details, userId, link }));
    if (channel === 'in_app') this.deliver(at);
  }

  get channel(): Channel {
    return this.state.channel;
  }

  /** The message for its first attempt. */
  toSend(): OutgoingMessage {
    const { status } = this.state;
    if (status === 'sent' || status === 'delivered') throw new NotificationAlreadySent(status);
    if (status === 'failed') throw new NotificationNotPending('the notification failed: have it tried again instead');
    if (status === 'suppressed') throw new NotificationNotPending('the user does not want this topic by this channel');
    return this.outgoing(1);
  }

  /** The message for its next attempt. */
  toRetry(): OutgoingMessage {
    const { status, retryCount } = this.state;
    if (status !== 'failed') throw new NotificationNotFailed(status);
    if (retryCount >= maxRetries) throw new RetryLimitReached();
    return this.outgoing(retryCount + 2);
  }

  /** What became of an attempt. */
  attempted({ attempt }: OutgoingMessage, delivery: Delivery, at: Date): void {
    const { subjectId, userId, channel, recipient, template } = this.state;
    const retryCount = attempt - 1;
    const details = { notificationId: this.id, subjectId, userId, channel, template, retryCount };
    const time = at.toISOString();
    if (delivery.kind === 'accepted') {
      const { externalId } = delivery;
      const recipientMasked = masked(channel, recipient);
      return this.record(new NotificationSent({ ...details, recipientMasked, externalId, sentAt: time }));
    }
    const willRetry = !delivery.permanent && retryCount < maxRetries;
    const error = cut(delivery.error, mostOfError);
    this.record(new NotificationFailed({ ...details, error, willRetry, failedAt: time }));
  }

  /** A report may come although no server was heard to take the message, and then tells more than was known. */
  report({ externalId, providerStatus }: RecordDelivery, at: Date): void {
    const { status, externalId: known } = this.state;
    if (known !== undefined && known !== externalId) throw new NotificationNotFound(this.id);
    if (status === 'delivered' || status === 'suppressed') return;
    const fate = reported(providerStatus);
    if (fate === 'delivered') return this.deliver(at);
    if (fate === 'failed' && status !== 'failed') this.undeliverable(providerStatus, at);
  }

  read(by: string, at: Date): void {
    const { channel, isRead } = this.ownedBy(by);
    if (channel !== 'in_app') throw new NotInApp();
    if (!isRead) this.record(new NotificationRead({ notificationId: this.id, userId: by, readAt: at.toISOString() }));
  }

  delete(asker: Asker, at: Date): void {
    const { channel, userId } = asker.inCharge ? this.state : this.ownedBy(asker.id);
    if (!asker.inCharge && channel !== 'in_app') throw new NotInApp();
    this.record(new NotificationDeleted({ notificationId: this.id, userId, deletedAt: at.toISOString() }));
  }

  private outgoing(attempt: number): OutgoingMessage {
    const { recipient, title, message, topic, link, subjectId } = this.state;
    return {
      notificationId: this.id,
      recipient,
      title,
      message,
      attempt,
      listUnsubscribe: topic !== 'account',
      ...(link && { link: messageLink(link, subjectId) }),
    };
  }

  private deliver(at: Date): void {
    const { userId, channel, template } = this.state;
    const deliveredAt = at.toISOString();
    this.record(new NotificationDelivered({ notificationId: this.id, userId, channel, template, deliveredAt }));
  }

  /** Whoever took the message has tried what can be tried. */
  private undeliverable(providerStatus: string, at: Date): void {
    const { subjectId, userId, channel, template, retryCount } = this.state;
    this.record(
      new NotificationFailed({
        notificationId: this.id,
        subjectId,
        userId,
        channel,
        template,
        error: `the provider reports: ${providerStatus}`,
        retryCount,
        willRetry: false,
        failedAt: at.toISOString(),
      }),
    );
  }

  private ownedBy(user: string): NotificationState {
    const { userId, status } = this.state;
    if (userId !== user || status === 'suppressed') throw new NotificationNotFound(this.id);
    return this.state;
  }
}

const mostOfError = 500;

function contentOf(command: RequestNotification, template: TemplateText | undefined): Content {
  const { notificationId, template: name, variables, title, message, topic, channel, link } = command;
  if (name === undefined) {
    if (title === undefined || message === undefined || variables !== undefined) throw new ContentRequired();
    return { topic: topic ?? 'account', title, message };
  }
  if (title !== undefined || message !== undefined) throw new ContentRequired();
  if (!template) throw new TemplateNotFound(`${name}/${channel}`);
  if (!template.isActive) throw new TemplateInactive(`${name}/${channel}`);
  const values = { ...variables, ...(link && { link: linkPlaceholder(notificationId) }) };
  return {
    topic: topic ?? template.topic,
    title: line(render(template.subject, values), 200),
    message: cut(render(template.body, values), 5000),
  };
}

const messageLink = (link: SecretLink, userId: string): MessageLink =>
  link.kind === 'labour_invite'
    ? { kind: link.kind, birthingPersonId: link.birthing_person_id }
    : { kind: link.kind, userId, requestId: link.request_id, expiresAt: new Date(link.expires_at) };
