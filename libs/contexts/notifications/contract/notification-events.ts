import { IsBoolean, IsIn, IsInt, IsObject, IsString, IsUUID } from 'class-validator';

import { Event, Example, IsTime, Message, Nullable, Optional, Personal } from '#kernel';

import { IsSecretLink } from './fields.js';
import { Channels, Topics, type Channel, type SecretLink, type Topic } from './vocabulary.js';

/** What is to be said, to whom, and how, in its final words. What is `in_app` is delivered with it. */
@Event('notification.requested.v1', 'notificationId', { subject: 'subjectId' })
export class NotificationRequested extends Message<NotificationRequested> {
  @IsUUID() readonly notificationId!: string;
  /** Whom what it says is about: the user, or where there is none, whoever has it said, or the notification itself. */
  @IsUUID() readonly subjectId!: string;
  @Optional() @IsUUID() readonly userId?: string;
  @IsIn(Channels) @Example('email') readonly channel!: Channel;
  @Personal() @IsString() @Example('ada@example.org') readonly recipient!: string;
  @Optional() @IsString() @Example('welcome') readonly template?: string;
  @IsIn(Topics) @Example('account') readonly topic!: Topic;
  @Personal() @IsString() @Example('Welcome') readonly title!: string;
  @Personal() @IsString() @Example('Hello ada_l, welcome.') readonly message!: string;
  @Optional() @Nullable() @Personal() @IsObject() readonly metadata?: Readonly<Record<string, unknown>> | null;
  @Optional() @IsString() readonly dedupKey?: string;
  /** What the link stands for whose place is kept in the message. */
  @Optional() @IsSecretLink() readonly link?: SecretLink;
}

/** It was asked for, and is not said: the user does not want this topic by this channel. */
@Event('notification.suppressed.v1', 'notificationId', { subject: 'subjectId' })
export class NotificationSuppressed extends Message<NotificationSuppressed> {
  @IsUUID() readonly notificationId!: string;
  @IsUUID() readonly subjectId!: string;
  @IsUUID() readonly userId!: string;
  @IsIn(Channels) @Example('email') readonly channel!: Channel;
  @Personal() @IsString() @Example('ada@example.org') readonly recipient!: string;
  @Optional() @IsString() @Example('task_completed') readonly template?: string;
  @IsIn(Topics) @Example('tasks') readonly topic!: Topic;
  @Personal() @IsString() @Example('Well done') readonly title!: string;
  @Personal() @IsString() @Example('You have completed “Pack the hospital bag”.') readonly message!: string;
  @Optional() @Nullable() @Personal() @IsObject() readonly metadata?: Readonly<Record<string, unknown>> | null;
  @Optional() @IsString() readonly dedupKey?: string;
}

/** A server took it. Whether it arrives, it may tell later. */
@Event('notification.sent.v1', 'notificationId', { subject: 'subjectId' })
export class NotificationSent extends Message<NotificationSent> {
  @IsUUID() readonly notificationId!: string;
  @IsUUID() readonly subjectId!: string;
  @Optional() @IsUUID() readonly userId?: string;
  @IsIn(Channels) @Example('email') readonly channel!: Channel;
  @Personal() @IsString() @Example('a•••@example.org') readonly recipientMasked!: string;
  @Optional() @IsString() @Example('welcome') readonly template?: string;
  /** Under which the server knows it. */
  @IsString() @Example('SM0123456789abcdef0123456789abcdef') readonly externalId!: string;
  /** 0 for the first attempt. */
  @IsInt() @Example(0) readonly retryCount!: number;
  @IsTime() readonly sentAt!: string;
}

/** No server took it, or the one that did says that it will not arrive. */
@Event('notification.failed.v1', 'notificationId', { subject: 'subjectId' })
export class NotificationFailed extends Message<NotificationFailed> {
  @IsUUID() readonly notificationId!: string;
  @IsUUID() readonly subjectId!: string;
  @Optional() @IsUUID() readonly userId?: string;
  @IsIn(Channels) @Example('email') readonly channel!: Channel;
  @Optional() @IsString() @Example('welcome') readonly template?: string;
  /** As the server said it, which may name the recipient. */
  @Personal() @IsString() @Example('452 4.2.2 mailbox full') readonly error!: string;
  /** How many retries there have been. */
  @IsInt() @Example(0) readonly retryCount!: number;
  /** Whether it will be tried again by itself. */
  @IsBoolean() @Example(true) readonly willRetry!: boolean;
  /** When that was known, which may be long after it was to be sent. Older events do not say. */
  @Optional() @IsTime() readonly failedAt?: string;
}

@Event('notification.delivered.v1', 'notificationId')
export class NotificationDelivered extends Message<NotificationDelivered> {
  @IsUUID() readonly notificationId!: string;
  @Optional() @IsUUID() readonly userId?: string;
  @IsIn(Channels) @Example('in_app') readonly channel!: Channel;
  @Optional() @IsString() @Example('task_completed') readonly template?: string;
  @IsTime() readonly deliveredAt!: string;
}

@Event('notification.read.v1', 'notificationId')
export class NotificationRead extends Message<NotificationRead> {
  @IsUUID() readonly notificationId!: string;
  @IsUUID() readonly userId!: string;
  @IsTime() readonly readAt!: string;
}

@Event('notification.deleted.v1', 'notificationId')
export class NotificationDeleted extends Message<NotificationDeleted> {
  @IsUUID() readonly notificationId!: string;
  @Optional() @IsUUID() readonly userId?: string;
  @IsTime() readonly deletedAt!: string;
}
